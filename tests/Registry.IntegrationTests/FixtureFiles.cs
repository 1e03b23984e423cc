using LocalRegistry.Testbed;

namespace LocalRegistry.Registry.IntegrationTests;

/// <summary>Files for the server that this project's tests share.</summary>
internal static class FixtureFiles
{
    extension(RegistryFiles)
    {
        /// <inheritdoc cref="RegistryFiles.DockerConfig(S3Server, string, string)"/>
        public static string DockerConfig(S3Fixture s3, string bucket, string more = "") => RegistryFiles.DockerConfig(s3.Server, bucket, more);

        /// <summary>Files for a bucket, with the credentials of the user who may do everything.</summary>
        public static RegistryFiles For(S3Fixture s3, string bucket) => new(DockerConfig(s3, bucket), S3Server.CredentialsFile);
    }
}
