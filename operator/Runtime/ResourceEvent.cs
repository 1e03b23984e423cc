using k8s;

namespace LocalRegistry.Operator.Runtime;

/// <summary>One line of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Resource">To what; of a bookmark only the resource version counts.</param>
internal readonly record struct ResourceEvent<T>(WatchEventType Type, T Resource);
