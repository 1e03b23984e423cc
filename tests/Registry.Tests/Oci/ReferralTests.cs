using System.Text;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Oci;

public sealed class ReferralTests
{
    private const string Hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Subject = $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{Hash}}","size":1}""";

    [Fact]
    public void Read_manifest_gives_subject_type_and_annotations()
    {
        Referral referral = OfManifest($$""","subject":{{Subject}},"artifactType":"application/sbom","annotations":{"a":"1", "b":"\u00e4"}""");

        Assert.Equal((Hash, "application/sbom", null), (referral.Subject.ToString(), referral.ArtifactType, referral.Problem));
        Assert.Equal("""{"a":"1", "b":"\u00e4"}""", Encoding.UTF8.GetString(referral.Annotations.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","artifactType":"" """)]
    [InlineData(""","artifactType":1""")]
    public void Read_manifest_without_type_takes_that_of_its_config(string members) => Assert.Equal("a/config", OfManifest(members).ArtifactType);

    [Fact]
    public void Read_index_without_type_has_none()
    {
        Assert.Null(Read("""{"schemaVersion":2,"manifests":[]}""").ArtifactType);
        Assert.Equal("a/b", Read($$"""{"schemaVersion":2,"manifests":[],"artifactType":"a/b","subject":{{Subject}}}""").ArtifactType);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","subject":null""")]
    [InlineData(""","annotations":null""")]
    public void Read_manifest_that_refers_to_nothing_is_well(string members)
    {
        Referral referral = OfManifest(members);

        Assert.Equal((null, null), (referral.Subject, referral.Problem));
        Assert.True(referral.Annotations.IsEmpty);
    }

    [Theory]
    [InlineData(""","subject":"x" """, "subject must be a descriptor")]
    [InlineData(""","subject":{}""", "subject must be a descriptor")]
    [InlineData(""","subject":{"mediaType":"a/b","digest":"sha256:../x","size":1}""", "subject.digest")]
    [InlineData(""","subject":{"mediaType":"a/b","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}""", "subject.size")]
    [InlineData(""","subject":{"mediaType":"\ud800"}""", "not Unicode")]
    [InlineData(""","artifactType":"\ud800" """, "not Unicode")]
    [InlineData(""","annotations":[]""", "annotations must be an object")]
    [InlineData(""","annotations":{"a":"b","c":1}""", "annotations must be an object")]
    [InlineData(",\"annotations\":{\"a\":\"\u00ff\"}", "annotations hold a text that is not Unicode")]
    [InlineData(",\"annotations\":{\"\u00ff\":\"b\"}", "annotations hold a text that is not Unicode")]
    public void Read_bad_member_is_named_and_leaves_the_manifest_readable(string members, string problem)
    {
        Referral referral = OfManifest(members);

        Assert.True(referral.Subject is null && referral.Annotations.IsEmpty);
        Assert.Contains(problem, referral.Problem, StringComparison.Ordinal);
    }

    private static Referral OfManifest(string members) =>
        Read($$"""{"schemaVersion":2,"config":{"mediaType":"a/config","digest":"{{Hash}}","size":1},"layers":[]{{members}}}""");

    private static Referral Read(string json)
    {
        ManifestDocument? document = ManifestDocument.TryParse(Encoding.Latin1.GetBytes(json), null, out string problem);
        Assert.Equal("", problem);
        return document!.Referral;
    }
}
