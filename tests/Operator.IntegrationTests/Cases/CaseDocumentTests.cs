using LocalRegistry.Testbed.Cases;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

public sealed class CaseDocumentTests
{
    private static readonly CaseRow Late = new("AccessGranted (`permissions`)", "b", "Failed", "R", "m");
    private static readonly CaseRow Early = Late with { Given = "a", Message = "an \\| in it" };

    [Fact]
    public void Write_puts_a_new_area_at_the_end_in_the_order_of_its_rows()
    {
        string page = CaseDocument.Write("# Head\n\nProse.\n", "Access", [Late, Early]);

        Assert.StartsWith("# Head\n\nProse.\n\n## Access\n", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("| a |", StringComparison.Ordinal) < page.IndexOf("| b |", StringComparison.Ordinal));
        Assert.Equal([Early, Late], CaseDocument.Read(page, "Access").Values);
    }

    [Fact]
    public void Write_replaces_the_rows_of_an_area_and_nothing_else()
    {
        string page = CaseDocument.Write(CaseDocument.Write("", "Access", [Late]), "Bucket", [Late]) + "\nProse after it.\n";

        string next = CaseDocument.Write(page, "Access", [Early]);

        Assert.Equal([Early], CaseDocument.Read(next, "Access").Values);
        Assert.Equal([Late], CaseDocument.Read(next, "Bucket").Values);
        Assert.EndsWith("Prose after it.\n", next, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_page_without_the_area_finds_nothing() => Assert.Empty(CaseDocument.Read("# Head\n", "Access"));
}
