namespace LocalRegistry.Testbed;

/// <summary>Keys that a token service made for a role.</summary>
public sealed record AwsSession(string AccessKey, string SecretKey, string Token);
