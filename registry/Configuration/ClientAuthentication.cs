namespace LocalRegistry.Registry.Configuration;

/// <summary>What a TLS client must show (<c>http.tls.clientauth</c>); the meanings are those of Go's <c>tls.ClientAuthType</c>.</summary>
public enum ClientAuthentication
{
    /// <summary>Nothing is asked for.</summary>
    None,

    /// <summary>A certificate is asked for; none need be shown, and none is verified.</summary>
    Request,

    /// <summary>A certificate must be shown; it is not verified.</summary>
    RequireAny,

    /// <summary>A certificate that is shown must be of an authority in <c>clientcas</c>.</summary>
    VerifyIfGiven,

    /// <summary>A certificate of an authority in <c>clientcas</c> must be shown.</summary>
    RequireAndVerify,
}
