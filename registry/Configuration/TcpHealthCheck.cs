namespace LocalRegistry.Registry.Configuration;

/// <summary>An entry of <c>health.tcp</c>.</summary>
/// <param name="Address">Host and port, as the file has them.</param>
/// <param name="Host">The host's name or IP address.</param>
/// <param name="Port">The port.</param>
/// <param name="Timeout">How long a connection may take.</param>
/// <param name="Interval">How often it is tried.</param>
/// <param name="Threshold">Failures in a row that make the registry unhealthy.</param>
public sealed record TcpHealthCheck(string Address, string Host, int Port, TimeSpan Timeout, TimeSpan Interval, int Threshold);
