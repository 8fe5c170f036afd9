"""The workbench: a library of recordings that a browser shows, plays and corrects; `onpu serve` opens it.

    uploads     what comes from a browser -> a file in the library's folder, or one line why not
    library     songs and versions in SQLite, their sounds and labels in folders
    queue       recordings that wait -> `process`, one at a time
    process     a process of its own, with limits of memory and time, that calls
    jobs        what is done there: analysing, deciding anew, exporting
    routes      the addresses of the HTTP server; `guard` refuses what comes from elsewhere

The server itself imports no network: it answers while they listen.
"""
