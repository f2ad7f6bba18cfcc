"""Pseudonyms and the vault; the key is always an argument.

Rows at rest hold pseudonyms: HMAC-SHA-256 of the identifier under a key that is not kept beside them. An
unkeyed hash of all CPFs is undone in minutes; this one is not, without the key. What must come back word
for word (the raw table, for downloads and call lists) is sealed with AES-256-GCM. The two uses have subkeys
of their own (HKDF), so that neither says anything about the other. Where the key lies: workspace/keys.py.
"""

from __future__ import annotations

import hmac
import os
import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipeline.errors import WorkspaceError

KEY_BYTES = 32
_DIGEST_BYTES = 16
_PSEUDONYM_LENGTH = 26  # characters of five bits that hold the digest
_BASE32 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", np.uint8)
_NONCE_BYTES = 12
_MAGIC = b"PRESENCA-COFRE-1\n"
# A pseudonym as it stands in a masked file: 128 bits leave two of the last character's bits at zero
_CODE = re.compile(r"P-([A-Z2-7]{25}[AEIMQUY4])")
_CPF_LAYOUT = re.compile(r"(\d{3})\.?(\d{3})\.?(\d{3})-?(\d{2})")


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"presenca/" + purpose).derive(key)


def fingerprint(key: bytes) -> str:
    """16 hex digits that tell keys apart and give nothing of the key away."""
    return _subkey(key, b"fingerprint/1")[:8].hex()


def signature(content: bytes, key: bytes) -> str:
    """64 hex digits that only who has the key can give for a content (HMAC-SHA-256): the sign on a model's file."""
    return hmac.digest(_subkey(key, b"signature/1"), content, "sha256").hex()


def audit_subkey(key: bytes, purpose: str) -> bytes:
    """The key of the audit log's seals; another for each purpose ("entry", "head")."""
    return _subkey(key, b"audit/1/" + purpose.encode("ascii"))


# ---------------------------------------------------------------- pseudonyms


def normalise(value: str) -> str:
    """The identifier as it is compared: NFC, white space squeezed, a CPF without its punctuation.

    Case and all other punctuation are kept: "1-23" and "12-3" may well be two patients.
    """
    text = " ".join(unicodedata.normalize("NFC", value).split())
    found = _CPF_LAYOUT.fullmatch(text)
    return "".join(found.groups()) if found else text


def pseudonym(value: str, key: bytes) -> str:
    """The pseudonym of one identifier: 128 bits as 26 characters of base32."""
    return bytes(_pseudonyms([value], key)[0]).decode("ascii")


def code(value: str) -> str:
    """A pseudonym as a masked file holds it, whole: "P-" and its 26 characters."""
    return f"P-{value}"


def is_code(text: str) -> bool:
    """Whether a text has the shape of `code`. Of which workspace it is, it does not tell."""
    return _CODE.fullmatch(text.strip()) is not None


def _pseudonyms(values: Iterable[object], key: bytes) -> np.ndarray:
    """One pseudonym a value, dtype S26; of the code of a patient, the pseudonym that it is made of: a masked file that
    comes back speaks of the patients that it was made of.
    """
    texts = [normalise(str(value)) for value in values]
    subkey = _subkey(key, b"pseudonym/1")
    digests = b"".join(
        hmac.digest(subkey, text.encode("utf-8", "surrogatepass"), "sha256")[:_DIGEST_BYTES] for text in texts
    )
    made = _base32(np.frombuffer(digests, np.uint8).reshape(-1, _DIGEST_BYTES))
    for place, text in enumerate(texts):
        if text.startswith("P-") and (found := _CODE.fullmatch(text)):
            made[place] = found[1].encode("ascii")
    return made


def _base32(digests: np.ndarray) -> np.ndarray:
    """RFC 4648 without padding, all rows at once (the standard library's takes 6 µs each): (n, 16) bytes to S26."""
    bits = np.unpackbits(digests, axis=1)
    padded = np.pad(bits, ((0, 0), (0, 5 * _PSEUDONYM_LENGTH - bits.shape[1])))
    places = padded.reshape(-1, _PSEUDONYM_LENGTH, 5) @ np.array([16, 8, 4, 2, 1], np.uint8)
    return np.ascontiguousarray(_BASE32[places]).view(f"S{_PSEUDONYM_LENGTH}").reshape(-1)


def pseudonymise(column: pd.Series, key: bytes) -> pd.Series:
    """The column with a pseudonym for each identifier, as `category`; missing stays missing.

    Each distinct value is hashed once. Categories are sorted by pseudonym: in the order of the originals they
    would tell which CPF is smaller.
    """
    coded = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
    codes = coded.cat.codes.to_numpy()
    used = np.unique(codes[codes >= 0])
    hashed = _pseudonyms(coded.cat.categories.take(used), key)
    categories, place = np.unique(hashed, return_inverse=True)
    recode = np.full(len(coded.cat.categories) + 1, -1, dtype=np.int64)  # the last one serves code -1: missing
    recode[used] = place
    values = pd.Categorical.from_codes(recode[codes], categories=pd.Index(categories.astype(str), dtype="str"))
    return pd.Series(values, index=column.index, name=column.name)


def short(value: str) -> str:
    """A pseudonym as shown on screen: "P-47BJ7". Only for showing: five characters may repeat."""
    return f"P-{value[:5]}"


# ---------------------------------------------------------------- the vault


def seal(plain: bytes, key: bytes, dataset_id: str) -> bytes:
    """`plain` encrypted and bound to its data set: it opens under no other id and not if one bit differs."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_subkey(key, b"vault/1")).encrypt(nonce, plain, _MAGIC + dataset_id.encode())
    return _MAGIC + nonce + sealed


def open_sealed(sealed: bytes, key: bytes, dataset_id: str) -> bytes:
    """What was sealed. WorkspaceError if it was altered, cut, sealed by another key or for another data set."""
    start = len(_MAGIC)
    if not sealed.startswith(_MAGIC) or len(sealed) < start + _NONCE_BYTES:
        raise WorkspaceError("vault.broken")
    nonce, body = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
    try:
        return AESGCM(_subkey(key, b"vault/1")).decrypt(nonce, body, _MAGIC + dataset_id.encode())
    except InvalidTag:
        raise WorkspaceError("vault.broken") from None
