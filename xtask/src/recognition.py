"""Takes members out of archives and says if one is another than it was. Arguments: a folder to write to, then
an archive, a member, its sha256 and its name there, again and again."""

import hashlib
import pathlib
import sys
import tarfile
import zipfile

folder, *rest = sys.argv[1:]
for archive, member, expected, name in zip(*[iter(rest)] * 4):
    if archive.endswith(".whl"):
        content = zipfile.ZipFile(archive).read(member)
    else:
        content = tarfile.open(archive).extractfile(member).read()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        sys.exit(f"`{member}` of `{archive}` has the sha256 {found}, and should have {expected}")
    target = pathlib.Path(folder, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all.
    part = target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(target)
