"""Real certificates, made by openssl with K3s's names and lifetimes."""
import os
import subprocess
import tempfile
import time

YEAR = 365
KEY_KIND = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def make_authority(certificate, key, name):
    subject = f"{name}@{int(time.time())}"
    os.makedirs(os.path.dirname(certificate), exist_ok=True)
    _openssl(
        "req", "-x509", *KEY_KIND, "-subj", f"/CN={subject}", "-days", str(10 * YEAR), "-sha256",
        "-addext", "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign", "-keyout", key, "-out", certificate,
    )
    os.chmod(key, 0o600)
    return subject


def issue(authority, certificate, key, subject, usage, sans=()):
    """`authority` is the path of a CA without ending; `subject` as openssl wants it: /O=x/CN=y."""
    with tempfile.TemporaryDirectory() as folder:
        request, extensions = os.path.join(folder, "csr"), os.path.join(folder, "ext")
        _openssl("req", *KEY_KIND, "-subj", subject, "-keyout", key, "-out", request)
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(f"keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage={usage}\n")
            if sans:
                file.write("subjectAltName=" + ",".join(f"{'IP' if is_address(san) else 'DNS'}:{san}" for san in sans) + "\n")
        _openssl(
            "x509", "-req", "-in", request, "-CA", authority + ".crt", "-CAkey", authority + ".key", "-days", str(YEAR),
            "-sha256", "-extfile", extensions, "-out", certificate,
        )
    os.chmod(key, 0o600)
    with open(authority + ".crt", encoding="utf-8") as chain, open(certificate, "a", encoding="utf-8") as file:
        file.write(chain.read())


def is_address(text):
    return ":" in text or text.replace(".", "").isdigit()


def encrypt(text, secret):
    return _cipher(text.encode(), secret, "-e", "-a").decode()


def decrypt(text, secret):
    """None when `secret` is not the one it was encrypted with."""
    try:
        return _cipher(text.encode(), secret, "-d", "-a").decode()
    except (subprocess.CalledProcessError, UnicodeDecodeError):
        return None


def _cipher(data, secret, *direction):
    read, write = os.pipe()
    os.write(write, secret.encode() + b"\n")
    os.close(write)
    try:
        command = ["openssl", "enc", "-aes-256-cbc", "-pbkdf2", *direction, "-pass", f"fd:{read}"]
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=[read], check=True).stdout
    finally:
        os.close(read)


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")
