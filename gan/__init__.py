"""Conditional-GAN experiments that colour line art."""

__version__ = "0.1.0"
