# SPDX-License-Identifier: MIT
# tool: stub
def cases(): return []
def verify(rove, images): return {}
