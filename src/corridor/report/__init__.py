"""The report of the main job: one HTML file that opens anywhere, without a network.

``page.write_report`` writes it. Nothing is imported here: the site draws with ``flows`` and
``geometry``, and must not load the matcher and its compiled kernels with them.
"""
