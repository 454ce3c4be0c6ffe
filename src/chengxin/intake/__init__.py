"""Intake, the first verb: receive. An authority's file as it is → a receipt and frames without identity numbers."""
