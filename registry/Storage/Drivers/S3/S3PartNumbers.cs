namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// Where writers that go on with one upload in parts begin to count. Two may go on from the same parts at once, and a part that is written again
/// replaces the former, so that the one that comes too late would take the other's parts away. S3 wants numbers that ascend, with or without gaps, so
/// each writer leaves a random gap. Ceph completes an upload only with all the parts that it has, so that what a writer leaves behind that failed has to
/// be written again under the same numbers: gaps are for AWS alone.
/// </summary>
internal static class S3PartNumbers
{
    /// <summary>How many numbers all gaps of an upload may take together.</summary>
    private const int Gaps = 4000;

    /// <summary>The part of what is left that one gap may take; the less is left, the smaller gaps get.</summary>
    private const int Fraction = 16;

    /// <summary>The number of the first part that comes after others; more than <see cref="IPartWriter.MaximumParts"/> if none is left.</summary>
    /// <param name="before">The parts so far.</param>
    /// <param name="isSpread">Whether to leave a gap.</param>
    public static int First(PartsSoFar before, bool isSpread)
    {
        int last = before.Last;
        if (!isSpread || last == 0)
        {
            return last + 1;
        }

        int left = Math.Min(Gaps - (last - before.Parts.Count), IPartWriter.MaximumParts - last);
        return last + 1 + Random.Shared.Next((Math.Max(0, left) / Fraction) + 1);
    }
}
