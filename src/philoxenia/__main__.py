"""`python -m philoxenia` is the `philoxenia` command."""

import sys

from philoxenia.cli import main

sys.exit(main())
