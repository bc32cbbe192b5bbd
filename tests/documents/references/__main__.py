"""Write every reference anew."""

import os

os.environ["ASCTL_LANG"] = "en"  # before anything of ours is imported: commands take the words of their help then

from tests.documents.references.written import FOLDER, REFERENCES

for name, make in REFERENCES.items():
    (FOLDER / f"{name}.md").write_text(make(), "utf-8")
    print(FOLDER / f"{name}.md")
