"""Where frames run: here (Polars) or on a cluster (Spark). An engine is handed functions; it knows no stage."""
