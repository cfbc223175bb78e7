"""The lines of the access matrix for signing in; see matrix.py for the signs and the callers.

Setting up and removing ask for the password again first, and so answer everybody with a redirect.
"""

SIGN_IN = """
GET   /sign-ins/                                + + + + + + + + + + +
GET   /sign-ins/confirm/                        + + + + + + + + + + +
POST  /sign-ins/confirm/                        + + + + + + + + + + +
POST  /sign-ins/end-others/                     + + + + + + + + + + +
POST  /sign-ins/{session}/end/                  + 0 0 0 0 0 0 0 0 0 0
GET   /sign-ins/second-factor/                  + + + + + + + + + + +
GET   /sign-ins/app/                            + + + + + + + + + + +
POST  /sign-ins/app/                            + + + + + + + + + + +
POST  /sign-ins/app/remove/                     + + + + + + + + + + +
GET   /sign-ins/passkeys/new/                   + + + + + + + + + + +
POST  /sign-ins/passkeys/new/                   + + + + + + + + + + +
POST  /sign-ins/passkeys/1/remove/              + + + + + + + + + + +
POST  /sign-ins/recovery-codes/                 + + + + + + + + + + +
POST  /people/{person}/second-factor/reset/     - - - - - - - - - + -
POST  /people/{person}/sign-ins/end/            - - - - - - - - - + -
"""
PUBLIC = """
GET   /sign-in/second-step/
POST  /sign-in/second-step/
GET   /sign-in/company/
GET   /sign-in/company/back/
"""
