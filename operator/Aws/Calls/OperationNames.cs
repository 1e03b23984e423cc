using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>
/// Has every client of the SDK say which operation it carries out. An HTTP request no longer tells: in S3 the operation is a mix of method and
/// query, elsewhere it stands in the body.
/// </summary>
internal sealed class OperationNames : IRuntimePipelineCustomizer
{
    private const string RequestSuffix = "Request";

    private static readonly OperationNames Instance = new();

    public string UniqueName => nameof(OperationNames);

    /// <summary>Registers it for all clients made from now on, once however often it is called.</summary>
    public static void Register() => RuntimePipelineCustomizerRegistry.Instance.Register(Instance);

    public void Customize(Type type, RuntimePipeline pipeline) => pipeline.AddHandler(new Handler());

    private static AwsOperation Of(IRequestContext context)
    {
        string name = context.RequestName;
        return new AwsOperation(
            context.ServiceMetaData.ServiceId, name.EndsWith(RequestSuffix, StringComparison.Ordinal) ? name[..^RequestSuffix.Length] : name);
    }

    private sealed class Handler : PipelineHandler
    {
        public override void InvokeSync(IExecutionContext executionContext)
        {
            // What was under way goes on afterwards: fetching credentials is a call within a call.
            AwsOperation? around = AwsOperation.Current;
            AwsOperation.Current = Of(executionContext.RequestContext);
            try
            {
                base.InvokeSync(executionContext);
            }
            finally
            {
                AwsOperation.Current = around;
            }
        }

        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            // Falls back by itself when this method ends.
            AwsOperation.Current = Of(executionContext.RequestContext);
            return await base.InvokeAsync<T>(executionContext);
        }
    }
}
