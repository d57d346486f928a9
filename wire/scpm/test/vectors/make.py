#!/usr/bin/env python3
"""Vectors of SCPM, composed octet by octet from the text of ISO/IEC 24767-2, and written to standard output:

    python3 wire/scpm/test/vectors/make.py > vectors/scpm.json

Nothing of Cardea's own code is used, nor any library of ciphers: AES is FIPS 197, CBC-MAC and CBC are the text's 8.1.2 to
8.1.4, CMAC is RFC 4493, HKDF-Expand RFC 5869, CCM RFC 3610. Each function names its clause. Where the text is silent the
readings of docs/scpm.md hold. With --openssl the block cipher is compared with `openssl enc -aes-128-ecb` as well.
"""

import hashlib
import hmac
import json
import subprocess
import sys

# ---------------------------------------------------------------- FIPS 197: AES-128, forward only (nothing here deciphers)


def times2(octet):
    """4.2.1 xtime."""
    return (octet << 1) ^ (0x11B if octet & 0x80 else 0)


def multiply(a, b):
    """4.2: the product in GF(2^8)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = times2(a), b >> 1
    return product


def make_s_box():
    """5.1.1: the inverse, then the affine transformation."""
    box = []
    for value in range(256):
        inverse = next((i for i in range(256) if multiply(value, i) == 1), 0)
        result = 0x63
        for shift in range(5):
            result ^= ((inverse << shift) | (inverse >> (8 - shift))) & 0xFF
        box.append(result)
    return box


S_BOX = make_s_box()


def round_keys(key):
    """5.2: 44 words of 4 octets."""
    words = [list(key[4 * i : 4 * i + 4]) for i in range(4)]
    constant = 1
    for i in range(4, 44):
        word = words[i - 1]
        if i % 4 == 0:
            word = [S_BOX[octet] for octet in word[1:] + word[:1]]
            word[0] ^= constant
            constant = times2(constant)
        words.append([a ^ b for a, b in zip(words[i - 4], word)])
    return [sum(words[4 * i : 4 * i + 4], []) for i in range(11)]


def aes(key, block):
    """5.1: the cipher, on one block of 16 octets."""
    assert len(key) == 16 and len(block) == 16
    keys = round_keys(key)
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number in range(1, 11):
        state = [S_BOX[octet] for octet in state]
        state = [state[(i + 4 * (i % 4)) % 16] for i in range(16)]  # ShiftRows; octet i is row i % 4, column i // 4
        if number < 10:
            mixed = []
            for column in range(4):
                a = state[4 * column : 4 * column + 4]
                for row in range(4):
                    mixed.append(
                        times2(a[row]) ^ multiply(a[(row + 1) % 4], 3) ^ a[(row + 2) % 4] ^ a[(row + 3) % 4]
                    )
            state = mixed
        state = [a ^ b for a, b in zip(state, keys[number])]
    return bytes(state)


# FIPS 197, Appendix B.
assert (
    aes(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), bytes.fromhex("3243f6a8885a308d313198a2e0370734")).hex()
    == "3925841d02dc09fbdc118597196a0b32"
)


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def blocks(octets):
    assert len(octets) % 16 == 0
    return [octets[i : i + 16] for i in range(0, len(octets), 16)]


def zero_padded(octets):
    """To whole blocks, with no octet where they are whole already."""
    return octets + bytes(-len(octets) % 16)


def cbc(key, iv, text):
    """8.1.4: cipher block chaining."""
    out, before = b"", iv
    for block in blocks(text):
        before = aes(key, xor(block, before))
        out += before
    return out


def cbc_mac(key, message):
    """8.1.3: CBC-MAC, padded with zeros that are not sent; the IV is zero (ours)."""
    return cbc(key, bytes(16), zero_padded(message))[-16:]


def cmac(key, message):
    """RFC 4493, 2.4."""

    def doubled(block):
        number = int.from_bytes(block, "big") << 1
        return ((number & ((1 << 128) - 1)) ^ (0x87 if number >> 128 else 0)).to_bytes(16, "big")

    k1 = doubled(aes(key, bytes(16)))
    if message and len(message) % 16 == 0:
        last = xor(message[-16:], k1)
        rest = message[:-16]
    else:
        whole = len(message) // 16 * 16
        last = xor(zero_padded(message[whole:] + b"\x80"), doubled(k1))
        rest = message[:whole]
    return cbc(key, bytes(16), rest + last)[-16:]


# RFC 4493, 4, examples 1 to 3.
RFC4493 = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
assert cmac(RFC4493, b"").hex() == "bb1d6929e95937287fa37d129b756746"
assert cmac(RFC4493, bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")).hex() == "070a16b46b4d4144f79bdd9dd04a287c"
assert (
    cmac(
        RFC4493,
        bytes.fromhex(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411"
        ),
    ).hex()
    == "dfa66747de9ae63030ca32611497c827"
)


def ccm(key, nonce, associated, text):
    """RFC 3610, 2: M = 16, L = 2 (a nonce of 13 octets). Ciphertext and tag."""
    assert len(nonce) == 13 and 0 < len(associated) < 0xFF00
    flags = 0x40 | ((16 - 2) // 2) << 3 | (2 - 1)
    first = bytes([flags]) + nonce + len(text).to_bytes(2, "big")
    counted = len(associated).to_bytes(2, "big") + associated
    tag = cbc(key, bytes(16), first + zero_padded(counted) + zero_padded(text))[-16:]

    def stream(i):
        return aes(key, bytes([2 - 1]) + nonce + i.to_bytes(2, "big"))

    ciphertext = b"".join(
        xor(text[16 * i : 16 * i + 16], stream(i + 1)) for i in range((len(text) + 15) // 16)
    )
    return ciphertext, xor(tag, stream(0))


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf_expand(key, info, size):
    """RFC 5869, 2.3."""
    out, block, i = b"", b"", 1
    while len(out) < size:
        block = hmac_sha256(key, block + info + bytes([i]))
        out, i = out + block, i + 1
    return out[:size]


# RFC 5869, A.1.
assert hkdf_expand(
    bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"),
    bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
    42,
).hex() == (
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
)


# ---------------------------------------------------------------------------------------------------- the secure frame


def shd_of(head):
    """7.2.2, Figure 7. b7..b0 come first (ours)."""
    bits = head["keyIndex"]  # b3:b2:b1:b0
    bits |= 1 << 4 if head["dh"] else 0
    bits |= {"auth+enc": 0, "enc": 1 << 6, "auth": 1 << 7}[head["services"]]  # b6, b7: 0 is enabled
    bits |= 1 << 8 if head["response"] else 0
    bits |= {None: 0, "snf": 1 << 12, "auth": 1 << 13, "decrypt": 1 << 14}[head["failure"]]
    return bits


def bcc_of(octets):
    """7.2.6: the XOR of every octet of SA, DA, BC, SHD, SNF, PBC and PADATA."""
    result = 0
    for octet in octets:
        result ^= octet
    return bytes([result])


def iv_of(layout, snf):
    """8.1.6, Figure 11 (lost: three readings)."""
    number = snf.to_bytes(4, "big")
    return {"repeat": number * 4, "leftZero": bytes(12) + number, "rightZero": number + bytes(12)}[layout]


def direction_key(key, label, head):
    """`hardened` (ours): a key for each purpose and direction."""
    direction = bytes([head["response"], head["dh"]])
    return hkdf_expand(key, b"scpm " + label + head["sa"] + head["da"] + direction, 16)


def mac(suite, head, message):
    """8.1.3: the MDAS over SA to BCC, or to the ciphertext."""
    if suite["profile"] == "standard":
        return cbc_mac(suite["key"], message)
    return cmac(direction_key(suite["key"], b"mac", head), message)


def encipher(suite, head, text):
    """8.1.2: CBC over PBC, PADATA, BCC and PDG."""
    if suite["profile"] == "standard":
        return cbc(suite["key"], iv_of(suite["ivLayout"], head["snf"]), text)
    iv = aes(direction_key(suite["key"], b"iv", head), iv_of("repeat", head["snf"]))
    return cbc(direction_key(suite["key"], b"enc", head), iv, text)


def compose(suite, head, padata=None, copied=None, spoil=None):
    """One frame, field by field (7.2.1, Figure 6), with its parts. `spoil` changes a part on the way, to be refused."""
    spoil = spoil or {}
    authenticated = head["services"] != "enc"
    enciphered = head["services"] != "auth"
    by_ccm = suite["algorithm"] == 2
    parts = {}
    if copied is None:
        # PBC (7.2.4), PADATA (7.2.5), room for BCC; PDG (7.2.7) fills blocks with zeros, when enciphering by CBC only.
        size = 1 + len(padata) + 1
        pdg = bytes(-size % 16) if enciphered and not by_ccm else b""
        pdg = spoil.get("pdg", lambda it: it)(pdg)
        body_size = size + len(pdg)
    else:
        body_size = len(copied)
    # BC (7.1.4): octets from SHD to MDAS, two of them, big-endian (ours).
    bc = 2 + 4 + body_size + (16 if authenticated else 0)
    shd = spoil.get("shd", lambda it: it)(shd_of(head))
    covered = (
        head["sa"]
        + head["da"]
        + bc.to_bytes(2, "big")
        + bytes([shd & 0xFF, shd >> 8])
        + head["snf"].to_bytes(4, "big")  # 7.2.3
    )
    mdas = b""
    if copied is not None:
        # 8.2.2 g) 1), 8.2.3 c) 1), 8.2.4 h) 1): a failure answer copies what came; the MDAS is computed anew.
        body = copied
        mdas = mac(suite, head, covered + body) if authenticated else b""
    else:
        pbc = spoil.get("pbc", lambda it: it)(bytes([len(padata)]))
        bcc = bcc_of(covered + pbc + padata)
        bcc = spoil.get("bcc", lambda it: it)(bcc)
        text = pbc + padata + bcc + pdg
        parts |= {"bcc": bcc.hex(), "text": text.hex()}
        if not enciphered:
            # 8.2.2 c), d): authentication only.
            body = text
            mdas = mac(suite, head, covered + body)
        elif by_ccm:
            # Ours: nonce SNF(4) | 0 (9), AAD = SA to SNF.
            key = direction_key(suite["key"], b"ccm", head)
            body, mdas = ccm(key, head["snf"].to_bytes(4, "big") + bytes(9), covered, text)
        else:
            # 8.2.3 d), 8.2.4 d) and e): encipher first, then authenticate SA to the ciphertext.
            body = encipher(suite, head, text)
            mdas = mac(suite, head, covered + body) if authenticated else b""
    # HD (7.1.2): one octet, 0x80 (ours); it is covered by nothing.
    frame = b"\x80" + covered + body + mdas
    assert bc == len(frame) - 1 - 2 * len(head["sa"]) - 2
    parts |= {"body": body.hex(), "mdas": mdas.hex() or None}
    return frame, {"shd": covered[-6:-4].hex(), "bc": bc, **parts}


# --------------------------------------------------------------------------------------------------------- the vectors

DOMAIN_KEY = bytes.fromhex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf")
STANDARD_KEY = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
KSN = bytes.fromhex("020000000001")
DEVICE = bytes.fromhex("020000000102")


def device_key(domain_key, device, key_index, version):
    """`hardened` (ours): HKDF-SHA256 without a salt (RFC 5869, 2.2 then 2.3)."""
    info = b"scpm dev" + device + bytes([key_index]) + version.to_bytes(4, "big")
    return hkdf_expand(hmac_sha256(bytes(32), domain_key), info, 16)


DEVICE_KEY = device_key(DOMAIN_KEY, DEVICE, 1, 1)


def suite_of(profile, algorithm=1, iv_layout="repeat"):
    key = STANDARD_KEY if profile == "standard" else DEVICE_KEY
    return {"profile": profile, "algorithm": algorithm, "key": key, "ivLayout": iv_layout}


def head_of(services, **more):
    head = {
        "keyIndex": 1,
        "dh": False,
        "services": services,
        "response": False,
        "failure": None,
        "sa": KSN,
        "da": DEVICE,
        "snf": 0x01020304,
    }
    return head | more


def shown(suite, head):
    return {
        "profile": suite["profile"],
        "algorithm": suite["algorithm"],
        "ivLayout": suite["ivLayout"],
        "key": suite["key"].hex(),
    } | {name: value.hex() if isinstance(value, bytes) else value for name, value in head.items()}


def vector(name, clause, suite, head, padata=None, copied=None):
    frame, parts = compose(suite, head, padata, copied)
    data = {"padata": padata.hex()} if copied is None else {"copied": copied.hex()}
    return {"name": name, "clause": clause, **shown(suite, head), **data, "parts": parts, "frame": frame.hex()}


SUITES = [
    ("standard, CBC", suite_of("standard"), ["auth", "enc", "auth+enc"]),
    ("hardened, CBC", suite_of("hardened"), ["auth", "enc", "auth+enc"]),
    ("hardened, CCM", suite_of("hardened", 2), ["auth", "auth+enc"]),
]
CLAUSES = {"auth": "8.2.2", "enc": "8.2.3", "auth+enc": "8.2.4"}
REQUEST = b"a request of PADATA"
RESPONSE = b"and its response"


def accepted():
    for title, suite, combinations in SUITES:
        for services in combinations:
            clause = CLAUSES[services]
            request = head_of(services)
            yield vector(f"{title}, {services}: request", clause, suite, request, REQUEST)
            # The response goes back: SA and DA change places; success carries SNF + 1 (8.2.2 f) 1)).
            back = {"sa": DEVICE, "da": KSN, "response": True}
            yield vector(
                f"{title}, {services}: response of success",
                clause,
                suite,
                head_of(services, **back, snf=0x01020305),
                RESPONSE,
            )
            # A failure keeps the SNF and copies the body of the request.
            _, parts = compose(suite, request, REQUEST)
            failures = ["decrypt"] if services == "enc" else ["snf", "auth", "decrypt"]
            for failure in failures:
                yield vector(
                    f"{title}, {services}: response of failure ({failure})",
                    clause,
                    suite,
                    head_of(services, **back, failure=failure),
                    copied=bytes.fromhex(parts["body"]),
                )
        for services in combinations:
            shapes = [
                ("empty PADATA", "7.2.5", {}, b""),
                ("PADATA of 255 octets", "7.2.5", {}, bytes(range(255))),
                ("a text of whole blocks, no PDG", "7.2.7", {}, bytes(range(0x20, 0x20 + 30))),
                ("a text one octet over a block, the longest PDG", "7.2.7", {}, bytes(range(0x20, 0x20 + 15))),
                # SA to SNF are 20 octets: with PBC, these and BCC they are 32, and the MDAS needs no padding.
                ("authenticated octets of whole blocks", "8.1.3", {}, bytes(range(10))),
                ("addresses of 2 octets", "7.1.3", {"sa": b"\x00\x01", "da": b"\x01\x02"}, REQUEST),
            ]
            for what, clause, more, padata in shapes:
                yield vector(f"{title}, {services}: {what}", clause, suite, head_of(services, **more), padata)
        for what, more in [
            ("serial key", {"keyIndex": 0}),
            ("maker key", {"keyIndex": 2}),
            ("first service provider key", {"keyIndex": 3}),
            ("last service provider key", {"keyIndex": 15}),
            ("under the secret of a Diffie-Hellman run (b4)", {"dh": True}),
        ]:
            yield vector(f"{title}: {what}", "7.2.2", suite, head_of("auth+enc", **more), REQUEST)
        for snf in [0, 0xFFFFFFFF]:
            yield vector(f"{title}: SNF {snf}", "7.2.3", suite, head_of("auth+enc", snf=snf), REQUEST)
    for layout in ["leftZero", "rightZero"]:
        for services in ["enc", "auth+enc"]:
            suite = suite_of("standard", iv_layout=layout)
            yield vector(
                f"standard, CBC, {services}: IV {layout}", "8.1.6", suite, head_of(services), REQUEST
            )


def refusal(name, clause, verdict, suite, head, frame):
    return {"name": name, "clause": clause, **shown(suite, head), "verdict": verdict, "frame": frame.hex()}


def refused():
    """Frames whose MDAS is right as far as there is one: each fails at the check that is named, and at no other."""

    def flip(octets):
        return octets[:-1] + bytes([octets[-1] ^ 1])

    for title, suite, combinations in SUITES:
        for services in combinations:
            head = head_of(services)

            def spoilt(name, clause, verdict, padata=REQUEST, **spoil):
                frame, _ = compose(suite, head, padata, spoil=spoil)
                return refusal(f"{title}, {services}: {name}", clause, verdict, suite, head, frame)

            yield spoilt("BCC of another text", "7.2.6", "bcc", bcc=flip)
            lengths = "format" if services == "auth" else "decrypt"
            yield spoilt("PBC past the end of the body", "7.2.4", lengths, pbc=lambda it: bytes([it[0] + 16]))
            if services != "auth" and suite["algorithm"] == 1:
                yield spoilt("PDG that is not zero", "7.2.7", "decrypt", pdg=flip)
                yield spoilt("PDG of a block more than needed", "7.2.7", "decrypt", pdg=lambda it: it + bytes(16))
            elif services != "auth":
                yield spoilt("PDG where the suite has none", "7.2.7", "decrypt", pdg=lambda it: it + bytes(1))
            else:
                yield spoilt("PDG although nothing is enciphered", "7.2.7", "format", pdg=lambda it: it + bytes(1))
            for bit in [5, 9, 10, 11, 15]:
                yield spoilt(f"reserved bit b{bit}", "7.2.2", "format", shd=lambda it, bit=bit: it | 1 << bit)
            yield spoilt("neither service", "7.2.2", "format", shd=lambda it: it | 0xC0)
            yield spoilt("a failure in a request", "7.2.2", "format", shd=lambda it: it | 1 << 12)
            yield spoilt("two failures", "7.2.2", "format", shd=lambda it: it | 0x100 | 3 << 12)
            yield spoilt("three failures", "7.2.2", "format", shd=lambda it: it | 0x100 | 7 << 12)
            frame, _ = compose(suite, head, REQUEST)
            at = 1 + 2 * len(head["sa"])
            for name, change in [("low", -1), ("high", 1)]:
                bc = int.from_bytes(frame[at : at + 2], "big") + change
                changed = frame[:at] + bc.to_bytes(2, "big") + frame[at + 2 :]
                name = f"{title}, {services}: BC one too {name}"
                yield refusal(name, "7.1.4", "format", suite, head, changed)
            for hd in [0x00, 0x01, 0x81, 0xC0, 0xFF]:
                name = f"{title}, {services}: HD {hd:02x}"
                yield refusal(name, "7.1.2", "format", suite, head, bytes([hd]) + frame[1:])


def derivations():
    """The keys of `hardened`, each step of its own."""
    for key_index, version in [(1, 1), (1, 2), (3, 1), (15, 0xFFFFFFFF)]:
        yield {
            "name": f"key of a device: index {key_index}, version {version}",
            "domainKey": DOMAIN_KEY.hex(),
            "device": DEVICE.hex(),
            "keyIndex": key_index,
            "keyVersion": version,
            "key": device_key(DOMAIN_KEY, DEVICE, key_index, version).hex(),
        }


def directions():
    for response in [False, True]:
        for dh in [False, True]:
            sa, da = (DEVICE, KSN) if response else (KSN, DEVICE)
            head = {"sa": sa, "da": da, "response": response, "dh": dh}
            keys = {label: direction_key(DEVICE_KEY, label.encode(), head).hex() for label in ["enc", "mac", "iv", "ccm"]}
            yield {
                "name": f"keys of a {'response' if response else 'request'}{', b4 = 1' if dh else ''}",
                "deviceKey": DEVICE_KEY.hex(),
                "sa": sa.hex(),
                "da": da.hex(),
                "response": response,
                "dh": dh,
                "keys": keys,
            }


def compare_with_openssl():
    for i in range(64):
        key = hashlib.sha256(b"key" + bytes([i])).digest()[:16]
        block = hashlib.sha256(b"block" + bytes([i])).digest()[:16]
        command = ["openssl", "enc", "-aes-128-ecb", "-nopad", "-K", key.hex()]
        assert subprocess.run(command, input=block, capture_output=True, check=True).stdout == aes(key, block)


if "--openssl" in sys.argv:
    compare_with_openssl()

document = {
    "source": "ISO/IEC 24767-2:2009 and docs/scpm.md, by wire/scpm/test/vectors/make.py; octets in hex",
    "deviceKeys": list(derivations()),
    "directionKeys": list(directions()),
    "accept": list(accepted()),
    "refuse": list(refused()),
}
names = [one["name"] for one in document["accept"] + document["refuse"]]
assert len(set(names)) == len(names)
json.dump(document, sys.stdout, indent=2)
sys.stdout.write("\n")
