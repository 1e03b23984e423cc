namespace LocalRegistry.Operator.Telemetry;

/// <summary>How a reconciliation ended.</summary>
internal enum ReconciliationOutcome
{
    /// <summary>It went through.</summary>
    Success,

    /// <summary>Its controller said that it did not.</summary>
    Failure,

    /// <summary>An exception ended it.</summary>
    Exception,
}
