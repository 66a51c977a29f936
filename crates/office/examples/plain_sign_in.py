"""The sign-in of the plain client, which is that of the practice authorities' own test client.

    python3 plain_sign_in.py ISSUER PID

Prints the ID-porten access token. Not part of what is measured.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "practice" / "tests"))
sys.dont_write_bytecode = True

from plain_client import sign_in  # noqa: E402

print(sign_in(sys.argv[1], sys.argv[2]))
