using System.Net;
using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Tests.Mirror;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What <c>auth.htpasswd</c> asks of clients (RFC 7617).</summary>
public sealed class LoginApiTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTimeProvider _time = new();

    private string FilePath => Path.Combine(_folder, "htpasswd");

    [Theory]
    [InlineData("GET", "/v2/")]
    [InlineData("GET", "/v2/_catalog")]
    [InlineData("GET", "/v2/a/tags/list")]
    [InlineData("HEAD", "/v2/a/manifests/t")]
    [InlineData("PUT", "/v2/a/manifests/t")]
    [InlineData("POST", "/v2/a/blobs/uploads/")]
    [InlineData("DELETE", "/v2/a/manifests/t")]
    [InlineData("GET", "/v2/registry.example.com/localregistry.dev/canary/manifests/v1")]
    [InlineData("GET", "/v2/localregistry.dev/canary/manifests/v1?ns=registry.example.com")]
    [InlineData("GET", "/elsewhere")]
    public async Task Request_without_a_login_is_401_and_says_how_to_log_in(string method, string path)
    {
        await using TestRegistry registry = await StartAsync(Line("ana", "secret"));

        using HttpResponseMessage refused = await registry.SendAsync(new HttpMethod(method), path);
        using HttpResponseMessage taken = await registry.SendAsync(new HttpMethod(method), path, null, Login("ana:secret"));

        Assert.Equal("Basic realm=\"our registry\"", refused.Header("WWW-Authenticate"));
        Assert.Equal((HttpStatusCode.Unauthorized, "registry/2.0"), (refused.StatusCode, refused.Header("Docker-Distribution-API-Version")));
        if (method != "HEAD")
        {
            await refused.AssertErrorAsync(401, "UNAUTHORIZED");
        }

        Assert.NotEqual(HttpStatusCode.Unauthorized, taken.StatusCode);
        Assert.False(taken.Headers.Contains("WWW-Authenticate"));
    }

    [Fact]
    public async Task Probes_of_the_root_need_no_login()
    {
        await using TestRegistry registry = await StartAsync(Line("ana", "secret"));

        using HttpResponseMessage probe = await registry.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Theory]
    [InlineData("ana:secret", true)]
    [InlineData("b\u00f6b:p\u00e4ss:w\u00f6rd", true)]
    [InlineData("ana:Secret", false)]
    [InlineData("ana:", false)]
    [InlineData(":secret", false)]
    [InlineData("carl:secret", false)]
    [InlineData("ana", false)]
    [InlineData("ana:secret\0secret", false)]
    public async Task Login_takes_the_users_of_the_file_with_their_passwords(string pair, bool taken)
    {
        await using TestRegistry registry = await StartAsync($"{Line("ana", "secret")}\n{Line("b\u00f6b", "p\u00e4ss:w\u00f6rd")}\n");

        using HttpResponseMessage response = await registry.GetAsync("/v2/", Login(pair));

        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YW5hOnNlY3JldA")]
    [InlineData("Basic realm=\"x\"")]
    public async Task Login_that_is_none_is_401(string header)
    {
        await using TestRegistry registry = await StartAsync(Line("ana", "secret"));

        using HttpResponseMessage response = await registry.GetAsync("/v2/", ("Authorization", header));

        await response.AssertErrorAsync(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Scheme_is_read_in_any_case()
    {
        await using TestRegistry registry = await StartAsync(Line("ana", "secret"));

        using HttpResponseMessage response = await registry.GetAsync("/v2/", ("Authorization", Login("ana:secret").Value.Replace("Basic", "bAsIc", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Push_and_pull_with_a_login_put_its_password_to_work_once()
    {
        await using TestRegistry registry = await StartAsync(Line("ana", "secret"));
        byte[] content = TestContent.Bytes(100);
        string digest = TestContent.Sha256(content);

        using HttpResponseMessage pushed = await registry.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/?digest={digest}", content, Login("ana:secret"));
        using HttpResponseMessage pulled = await registry.GetAsync($"/v2/a/blobs/{digest}", Login("ana:secret"));

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal(content, await pulled.BytesAsync());
        Assert.Equal(1, registry.Services.GetRequiredService<PasswordChecks>().Verifications);
    }

    [Fact]
    public async Task File_is_read_anew_and_its_former_users_stay_while_it_cannot_be()
    {
        using var log = new LogRecorder();
        await using TestRegistry registry = await StartAsync(Line("ana", "secret"), services => services.AddSingleton<ILoggerProvider>(log));

        await ChangeAsync(Line("ana", "other"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await AskAsync("ana:secret"), await AskAsync("ana:other")));
        await ChangeAsync("ana:plain-text-password");
        Assert.Equal(HttpStatusCode.OK, await AskAsync("ana:other"));
        File.Delete(FilePath);
        _time.Advance(BasicLogin.Interval);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("ana:other"));
        await ChangeAsync("# nobody");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("ana:other"));

        Assert.Contains(log.Texts, text => text.Contains($"{FilePath}:1 does not have a bcrypt hash", StringComparison.Ordinal));
        Assert.Contains(log.Texts, text => text.Contains("does not exist", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Texts, text => text.Contains("plain-text-password", StringComparison.Ordinal));

        async Task ChangeAsync(string content)
        {
            await File.WriteAllTextAsync(FilePath, content, TestContext.Current.CancellationToken);
            _time.Advance(BasicLogin.Interval);
        }

        async Task<HttpStatusCode> AskAsync(string pair)
        {
            using HttpResponseMessage response = await registry.GetAsync("/v2/", Login(pair));
            return response.StatusCode;
        }
    }

    [Fact]
    public void Load_says_of_a_missing_file_how_it_is_made()
    {
        List<ConfigurationProblem> problems = [];

        Assert.Null(HtpasswdFile.Load(new HtpasswdConfiguration { Realm = "r", Path = FilePath }, problems));

        Assert.Equal(
            new ConfigurationProblem("auth.htpasswd.path", null, $"{FilePath} does not exist: make it with htpasswd -Bc {FilePath} USER, which asks for the password"),
            Assert.Single(problems));
    }

    [Fact]
    public void Load_says_every_line_that_is_no_user()
    {
        File.WriteAllText(FilePath, $"ana\n{Line("bob", "x")}\ncarl:x\n");
        List<ConfigurationProblem> problems = [];

        Assert.Null(HtpasswdFile.Load(new HtpasswdConfiguration { Realm = "r", Path = FilePath }, problems));

        Assert.Equal([$"{FilePath}:1 is not user:hash", $"{FilePath}:3 does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB"], problems.Select(p => p.Message));
    }

    [Fact]
    public void Load_of_a_folder_says_that_it_cannot_be_read()
    {
        List<ConfigurationProblem> problems = [];

        Assert.Null(HtpasswdFile.Load(new HtpasswdConfiguration { Realm = "r", Path = _folder }, problems));

        Assert.StartsWith($"{_folder} cannot be read: ", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Line(string user, string password) => $"{user}:{BCrypt.Net.BCrypt.HashPassword(password, 4)}";

    private static (string Name, string Value) Login(string pair) => ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}");

    private async Task<TestRegistry> StartAsync(string users, Action<IServiceCollection>? replace = null)
    {
        await File.WriteAllTextAsync(FilePath, users, TestContext.Current.CancellationToken);
        return await TestRegistry.StartAsync(
            c => c with { Log = new LogConfiguration { Level = LogThreshold.Info, AccessLog = false }, Htpasswd = new HtpasswdConfiguration { Realm = "our registry", Path = FilePath } },
            services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                replace?.Invoke(services);
            },
            TestMirrors.Of(("registry.example.com", "")));
    }
}
