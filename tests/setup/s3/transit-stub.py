#!/usr/bin/env python3
"""The few calls of a Vault transit engine that radosgw's SSE-S3 makes. Keeps no secret: the "ciphertext" is the key, reversed."""
import base64
import http.server
import json
import os
import sys


class Transit(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one segment: else each call costs a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        path = self.path.strip("/").split("/")
        data = None
        if "datakey" in path:
            key = os.urandom(32)
            data = {
                "plaintext": base64.b64encode(key).decode(),
                "ciphertext": "vault:v1:" + base64.b64encode(key[::-1]).decode(),
                "key_version": 1,
            }
        elif "decrypt" in path:
            key = base64.b64decode(body["ciphertext"].split(":")[2])[::-1]
            data = {"plaintext": base64.b64encode(key).decode()}
        elif "keys" in path and self.command == "GET":
            data = {"name": path[-1], "type": "aes256-gcm96", "latest_version": 1}
        payload = json.dumps({"data": data}).encode() if data else b""
        self.send_response(200 if data else 204)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_DELETE = do_LIST = answer

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Transit).serve_forever()
