using LocalRegistry.Registry.Login;
using Xunit;

namespace LocalRegistry.Registry.Tests.Login;

public sealed class HtpasswdUsersTests
{
    private const string Hash = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
    private const string Cheap = "$2y$04$" + "m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

    [Fact]
    public void Parse_takes_users_comments_and_empty_lines()
    {
        var problems = new List<(int, string)>();

        var users = HtpasswdUsers.Parse($"# people\r\nana:{Hash}\r\n\n  bob:{Cheap}  \n#carl:x", problems);

        Assert.Empty(problems);
        Assert.Equal((Hash, true), (users!.HashOf("ana", out bool knowsAna), knowsAna));
        Assert.Equal((Cheap, true), (users.HashOf("bob", out bool knowsBob), knowsBob));
        users.HashOf("#carl", out bool knowsComment);
        Assert.False(knowsComment);
    }

    [Fact]
    public void HashOf_nobody_costs_as_much_as_the_dearest_and_is_no_ones()
    {
        HtpasswdUsers users = HtpasswdUsers.Parse($"bob:{Cheap}\nana:{Hash}\n", [])!;

        string decoy = users.HashOf("carl", out bool isKnown);

        Assert.False(isKnown);
        Assert.StartsWith("$2b$06$", decoy, StringComparison.Ordinal);
        Assert.Equal(Hash.Length, decoy.Length);
        Assert.False(BCrypt.Net.BCrypt.Verify("", decoy));
    }

    [Fact]
    public void Parse_empty_file_knows_nobody()
    {
        string hash = HtpasswdUsers.Parse("", [])!.HashOf("ana", out bool isKnown);

        Assert.False(isKnown);
        Assert.False(BCrypt.Net.BCrypt.Verify("x", hash));
    }

    [Theory]
    [InlineData("ana", "is not user:hash")]
    [InlineData(":" + Hash, "is not user:hash")]
    [InlineData("ana:", "does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB")]
    [InlineData("ana:plain", "does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB")]
    [InlineData("ana:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", "does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB")]
    [InlineData("ana:$apr1$abcdefgh$aaaaaaaaaaaaaaaaaaaaa/", "does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB")]
    [InlineData("ana:" + Hash + "x", "does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB")]
    [InlineData("ana:" + Hash + ":x", "does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB")]
    [InlineData("ana:$2y$31$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", "has a bcrypt hash of cost 31, and from 4 to 16 is taken")]
    [InlineData("ana:$2y$03$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", "has a bcrypt hash of cost 3, and from 4 to 16 is taken")]
    [InlineData("bob:" + Hash, "names a user whom an earlier line names")]
    public void Parse_line_that_is_no_user_is_refused_with_its_number_and_without_its_hash(string line, string problem)
    {
        var problems = new List<(int Line, string Message)>();

        Assert.Null(HtpasswdUsers.Parse($"# people\nbob:{Hash}\n{line}\n", problems));

        Assert.Equal((3, problem), Assert.Single(problems));
    }
}
