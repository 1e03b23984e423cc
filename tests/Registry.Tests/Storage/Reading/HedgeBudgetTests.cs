using LocalRegistry.Registry.Storage.Reading;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.Reading;

public sealed class HedgeBudgetTests
{
    [Fact]
    public void One_range_of_twenty_is_fetched_twice_at_most()
    {
        var budget = new HedgeBudget();
        int hedges = 0;
        for (int range = 0; range < 1000; range++)
        {
            budget.Pay();
            if (budget.TryBegin())
            {
                hedges++;
                budget.End();
            }
        }

        Assert.Equal(50, hedges);
    }

    [Fact]
    public void Two_are_fetched_twice_at_once_at_most_however_long_none_was()
    {
        var budget = new HedgeBudget();
        for (int range = 0; range < 1000; range++)
        {
            budget.Pay();
        }

        Assert.True(budget.TryBegin());
        Assert.True(budget.TryBegin());
        Assert.False(budget.TryBegin());
        budget.End();
        Assert.False(budget.TryBegin());
    }
}
