namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>Which calls a fault meets.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Call">The call.</param>
/// <param name="First">From which of the times on that it is made, counted from 1.</param>
/// <param name="Times">How many times in a row.</param>
internal sealed record FaultRule(Fault Fault, S3Call Call, int First, int Times)
{
    /// <summary>Whether it meets the call when it is made for the so-manieth time.</summary>
    public bool Meets(S3Call call, int time) => call == Call && time >= First && time - First < Times;

    public override string ToString() => $"{Fault} x{Times} at {Call} #{First}";
}
