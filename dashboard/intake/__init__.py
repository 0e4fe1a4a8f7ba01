"""How a file comes in: read → map → validate → preview → commit. Knows no kind of file; the features bring those.

Start with `pipeline.import_file`. `files`, `delimited`, `workbooks` and `documents` turn bytes into tables, `columns`
finds what each column means, `cells` and `words` read one cell, `reader` reads one row and notes what is wrong.
"""
