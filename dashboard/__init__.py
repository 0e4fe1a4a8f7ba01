"""Schools Cluster Dashboard: how groups of schools that work together are doing.

One direction of flow, held by import-linter (`pyproject.toml`):

    models → queries → figures → panels → screens

Start reading at `screens/`, which choose and order panels; a panel names its query and its figure; a query takes the
reader's scope and gives a frame; a figure takes the frame and draws. Only `commands.py` modules write.
"""
