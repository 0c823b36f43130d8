"""Password hashes for people whose password is printed on the screen."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class DemoHasher(PBKDF2PasswordHasher):
    """Forty people at a million rounds each would keep the first page waiting for twenty seconds.

    The hash carries its number of rounds, so the ordinary hasher verifies it, and strengthens it at the first log-in.
    """

    iterations = 10_000
