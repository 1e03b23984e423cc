using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Names, tags, digests and hosts against the grammars of their specifications, written as those write them.</summary>
public sealed partial class NamePropertyTests
{
    private static readonly string Hex = new('a', 63);

    private static readonly Gen<string> Names = Texts.Mutated(Texts.Of(14, "a", "b0", "9", "/", ".", "_", "__", "-", "---", "/", "a", new string('x', 120)));
    private static readonly Gen<string> Tags = Texts.Mutated(Texts.Of(8, "v1", "A", "_", ".", "-", "latest", new string('t', 60)));
    private static readonly Gen<string> Digests = Texts.Mutated(Texts.Of(6, "sha256:", "sha512:", "md5:", Hex, Hex, "0", "f", "A", "g"));
    private static readonly Gen<string> Hosts = Texts.Mutated(Texts.Of(8, "registry", "example", ".", ".", "-", ":5000", ":", "0", "localhost", "docker.io", "[::1]", "A", new string('l', 62)));

    [Fact]
    public void Repository_name_is_what_the_grammar_says() => Property.Holds(Names, text =>
    {
        bool isName = RepositoryName.TryParse(text, out RepositoryName name);

        Assert.Equal(text.Length <= RepositoryName.MaximumLength && NameGrammar().IsMatch(text), isName);
        Assert.Equal(isName ? text : null, name.Value);
        // What is served by name is what is read by name: patterns of repositories have the same grammar.
        Assert.Equal(isName, !text.EndsWith('*') && RepositoryPattern.TryParse(text, out _));
    });

    [Fact]
    public void Reference_is_a_tag_or_a_digest_and_prints_as_it_was_read() => Property.Holds(Gen.OneOf(Tags, Digests), text =>
    {
        bool isReference = Reference.TryParse(text, out Reference reference);

        Assert.Equal(TagGrammar().IsMatch(text), reference.Tag is not null);
        Assert.Equal(DigestGrammar().IsMatch(text), reference.Digest is not null);
        Assert.Equal(isReference, reference.Tag is not null || reference.Digest is not null);
        Assert.Equal(isReference ? text : "", reference.ToString());
    });

    [Fact]
    public void Digest_is_what_the_grammar_says_and_prints_as_it_was_read() => Property.Holds(Digests, text =>
    {
        bool isDigest = Digest.TryParse(text, out Digest digest);

        Assert.Equal(DigestGrammar().IsMatch(text), isDigest);
        Assert.True(!isDigest || digest.ToString() == text);
    });

    [Fact]
    public void Digest_of_any_bytes_reads_back() => Property.Holds(Gen.Select(Gen.Byte.Array[0, 100], Gen.OneOf("sha256", "sha512")), input =>
    {
        var digest = Digest.Of(DigestAlgorithm.Find(input.Item2)!, input.Item1);

        Assert.True(Digest.TryParse(digest.ToString(), out Digest read));
        Assert.Equal(digest, read);
        Assert.Equal(digest, Digest.FromHash(digest.Algorithm, digest.Algorithm.Hash(input.Item1)));
    });

    [Fact]
    public void Key_of_anything_lies_where_nothing_else_does() => Property.Holds(
        Gen.Select(Names.Where(n => RepositoryName.TryParse(n, out _)), Tags.Where(Reference.IsTag)),
        input =>
        {
            var name = new RepositoryName(input.Item1);
            string key = KeyLayout.TagCurrentLink(name, input.Item2);

            // No part of it leads elsewhere, and from a key there is one way back to the name and the tag.
            Assert.DoesNotContain(key.Split('/'), part => part is "" or "." or "..");
            string[] ends = ["/_manifests/tags/", "/current/link"];
            string[] parts = key[KeyLayout.Repositories.Length..].Split(ends, StringSplitOptions.None);
            Assert.Equal([input.Item1, input.Item2, ""], parts);
        },
        1000);

    [Fact]
    public void Image_host_is_what_the_grammar_says_and_reads_again_from_what_it_prints() => Property.Holds(Hosts, text =>
    {
        bool isHost = ImageHost.TryParse(text, out ImageHost host);

        bool expected = text == "*" || (HostGrammar().Match(text) is { Success: true } match && match.Groups["name"].Length <= 253
            && (match.Groups["port"] is { Success: true } port ? int.Parse(port.Value, CultureInfo.InvariantCulture) < 65536
                : text.Contains('.') || text.Equals("localhost", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(expected, isHost);
        if (isHost)
        {
            Assert.True(ImageHost.TryParse(host.Value, out ImageHost again));
            Assert.Equal(host, again);
            Assert.True(ImageHost.TryParse(text.ToUpperInvariant(), out ImageHost capital));
            Assert.Equal(host, capital);
        }
    });

    [Fact]
    public void Number_is_digits_and_nothing_besides() => Property.Holds(Texts.Mutated(Texts.Of(4, "0", "12", "\0", " ", "+", "-", ",", "9223372036854775807")), text =>
    {
        bool isNumber = WholeNumber.TryParse(text, out long number);

        Assert.Equal(text.Length > 0 && text.All(char.IsAsciiDigit) && BigInteger.Parse(text, CultureInfo.InvariantCulture) <= long.MaxValue, isNumber);
        Assert.Equal(isNumber ? BigInteger.Parse(text, CultureInfo.InvariantCulture) : 0, number);
        Assert.Equal((isNumber && number <= 65535, isNumber && number <= 65535 ? (int)number : 0), (WholeNumber.TryParse(text, 65535, out int small), small));
    });

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NameGrammar();

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagGrammar();

    [GeneratedRegex(@"^(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DigestGrammar();

    // RFC 1123 labels, and a port as a positive number without zeros in front.
    [GeneratedRegex(@"^(?<name>[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*)(:(?<port>[1-9][0-9]{0,4}))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HostGrammar();
}
