using System.Text.Json.Serialization;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>How a container runtime is told of mirrors.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuntimeKind>))]
public enum RuntimeKind
{
    /// <summary>containerd: a folder for each host, with a <c>hosts.toml</c> in it.</summary>
    Containerd,

    /// <summary>CRI-O and podman: a file in <c>registries.conf.d</c>.</summary>
    RegistriesConf,
}
