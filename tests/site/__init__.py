# ruff: noqa: A005 - named as the folder of the package whose tests stand here
