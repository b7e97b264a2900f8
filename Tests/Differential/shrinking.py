"""Makes a counter-example small: takes away entries while it stays one."""

import time


def shrink(stack, fails, seconds=30):
    """The smallest stack found by taking away one entry after the other; `fails` says whether a stack is a counter-example."""
    end = time.monotonic() + seconds
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for layer in reversed(range(len(stack.layers))):
            for entry in reversed(range(len(stack.layers[layer]))):
                if time.monotonic() > end:
                    return stack
                smaller = stack.without(layer, entry)
                if fails(smaller):
                    stack, is_smaller = smaller, True
    return stack
