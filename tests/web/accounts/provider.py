"""A city's identity provider on this machine: discovery, keys, tokens and claims, as OpenID Connect says."""

import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "philoxenia", "a secret of the provider"


@dataclass
class Provider:
    """What it says about whoever signs in, and what it was asked."""

    claims: dict[str, Any] = field(default_factory=dict)
    challenge: str = ""
    audience: str = CLIENT
    issuer: str = ""
    valid_for: int = 300
    asked: list[str] = field(default_factory=list)

    def begin(self) -> "Provider":
        """Answer on a port of this machine."""
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        provider = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                self._tell(provider.told(self.path))

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._tell(provider.token({name: values[0] for name, values in sent.items()}))

            def _tell(self, said: dict[str, Any]) -> None:
                body = json.dumps(said).encode()
                self.send_response(400 if "error" in said else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.issuer = self.url
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def end(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()

    def told(self, path: str) -> dict[str, Any]:
        """Discovery, keys, claims."""
        if path == "/userinfo":
            return self.claims
        if path == "/jwks":
            return {
                "keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": "1"}]
            }
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self, sent: dict[str, str]) -> dict[str, Any]:
        """A token, if code, secret and the proof of the challenge are right."""
        proof = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(proof).decode().rstrip("=") == self.challenge
        if sent.get("code") != "a code" or sent.get("client_secret") != SECRET or not proven:
            return {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.claims | {
            "iss": self.issuer,
            "aud": self.audience,
            "iat": now,
            "exp": now + self.valid_for,
        }
        signed = jwt.encode(claims, self.key, "RS256", headers={"kid": "1"})
        return {"access_token": "a token", "token_type": "Bearer", "id_token": signed}

    def agree(self, leads_to: str) -> str:
        """What the browser brings back after the person agreed: state and code."""
        query = parse_qs(urlsplit(leads_to).query)
        self.challenge = query["code_challenge"][0]
        return f"?code=a+code&state={query['state'][0]}"
