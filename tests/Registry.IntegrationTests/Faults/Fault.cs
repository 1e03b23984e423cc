namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>What goes wrong with a call.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>503, as S3 answers who asks too much.</summary>
    SlowDown,

    /// <summary>500.</summary>
    InternalError,

    /// <summary>403: the clocks differ.</summary>
    TimeTooSkewed,

    /// <summary>200, whose body says that it is none: so S3 answers when a copy or a completion fails after its headers are out.</summary>
    ErrorWithStatus200,

    /// <summary>The connection is reset before the call is done.</summary>
    ResetBeforeAnswer,

    /// <summary>The connection is reset after half of the request's body.</summary>
    ResetInRequest,

    /// <summary>The connection is reset after half of the answer's body.</summary>
    ResetInAnswer,

    /// <summary>The call is done, and the connection ends without the answer.</summary>
    AnswerLost,

    /// <summary>No answer ever.</summary>
    Stall,

    /// <summary>Half of the request's body is taken, and no more.</summary>
    StallInRequest,

    /// <summary>Half of the answer's body comes, and no more.</summary>
    StallInAnswer,

    /// <summary>Half of the body that Content-Length announces comes, then the connection's end.</summary>
    Truncated,

    /// <summary>Half of the body comes in chunks, without the last chunk.</summary>
    ChunksCut,

    /// <summary>Half of the body comes, with a Content-Length that agrees.</summary>
    ShortBody,

    /// <summary>The answer comes late, though not too late.</summary>
    SlowFirstByte,

    /// <summary>A bit of the answer's body is another.</summary>
    Altered,
}
