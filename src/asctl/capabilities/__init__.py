"""What a provider can be asked to do: one Protocol per capability, with its request, its result and its limits.

A class may implement several. Nothing here is a base class: a provider is any object with the right methods, and its
spec declares which capabilities it has (design section 3).
"""
