using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks.Candidates;

/// <summary>The files that candidates are started with. All registries get the same one; what they differ in is said here.</summary>
internal static class CandidateConfig
{
    /// <summary>The configuration of a registry: no access log, no redirects, so that every byte goes through the registry.</summary>
    public static string Registry(Candidate candidate, string address, Uri s3, string bucket, string rootDirectory) => $$"""
        version: 0.1
        log:
          level: error
          accesslog: {disabled: true}
        storage:
          cache: {blobdescriptor: inmemory}
          redirect: {disable: true}
          s3:
            region: us-east-1
            regionendpoint: {{s3.GetLeftPart(UriPartial.Authority)}}
            accesskey: {{S3Server.AccessKey}}
            secretkey: {{S3Server.SecretKey}}
            bucket: {{bucket}}
            secure: false
            v4auth: true
            {{PathStyle(candidate)}}
            rootdirectory: {{rootDirectory}}
        http:
          addr: {{address}}
        """;

    /// <summary>The configuration of nginx as the fastest sender of a folder's files.</summary>
    public static string Nginx(string address, string folder, string files) => $$"""
        user root;
        worker_processes auto;
        daemon off;
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log error;
        events { worker_connections 1024; }
        http {
          access_log off;
          sendfile on;
          tcp_nopush on;
          keepalive_requests 1000000;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          server {
            listen {{address}};
            root {{files}};
          }
        }
        """;

    // Only Docker's registry 3 needs it beside an endpoint; 2.8 does not know it.
    private static string PathStyle(Candidate candidate) => candidate.Kind == CandidateKind.Distribution ? "forcepathstyle: true" : "# path style by itself";
}
