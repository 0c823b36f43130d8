"""Tables from outside: read, mapped, checked row by row, landed set by set, and taken back.

`reading` opens a file and yields its rows with their lines; `mapping` turns cells into values and says what is
wrong with them; `landing` brings the sound rows of one house in by COPY and INSERT … SELECT. What a row means is
the target's affair (target.py): nothing here knows any business.
"""
