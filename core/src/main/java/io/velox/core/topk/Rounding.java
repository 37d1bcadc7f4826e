package io.velox.core.topk;

/** What rounding can change of a sum of products, relative to the sum of their magnitudes; twice what theory allows. */
final class Rounding {
    /** Of a single product in float, absolutely, where it is too small for float. */
    static final double UNDERFLOW = 0x1p-147;

    private Rounding() {}

    static double ofDouble(int terms) {
        return (terms + 8) * 0x1p-52;
    }

    static double ofFloat(int terms) {
        return (terms + 8) * 0x1p-23;
    }
}
