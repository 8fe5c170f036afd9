"""Archives: a hundred thousand recordings analysed, resumed, and kept as tables.

    manifest -> recordings of this shard that are not done -> workers (processes, or Ray) -> rows -> parts (Parquet)

`manifest` reads which recordings, `working` analyses one, `pools` does so in parallel and survives workers that die,
`store` keeps what is done, `rows` says what a row is, `running` joins them, `reporting` tells of the whole.
"""
