using LocalRegistry.Operator.Mirroring;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class MissingPodsTests
{
    private readonly MissingPods _missing = new();

    [Fact]
    public void Long_counts_what_was_missing_all_the_time_for_five_minutes()
    {
        Assert.Equal(0, At(0, 2));
        Assert.Equal(0, At(4, 3));
        Assert.Equal(2, At(5, 3));
        Assert.Equal(1, At(6, 1));
        Assert.Equal(0, At(7, 0));
        Assert.Equal(0, At(11, 2));
        Assert.Equal(2, At(16, 2));
    }

    [Fact]
    public void Long_of_pods_that_are_replaced_one_after_the_other_is_nothing()
    {
        for (int minute = 0; minute < 30; minute++)
        {
            Assert.Equal(0, At(minute, minute % 2));
        }
    }

    [Fact]
    public void Long_begins_anew_after_a_resource_was_forgotten()
    {
        At(0, 1);
        _missing.Forget("owner");

        Assert.Equal(0, At(5, 1));
        Assert.Equal(1, At(10, 1));
    }

    private int At(int minute, int missing) => _missing.Long("owner", missing, MirrorSamples.Start.AddMinutes(minute));
}
