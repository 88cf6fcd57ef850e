// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.complex.ComplexField;
import org.apache.commons.math3.complex.ComplexFormat;
import org.apache.commons.math3.complex.Quaternion;
import org.apache.commons.math3.complex.RootsOfUnity;
import org.apache.commons.math3.dfp.DfpField;
import org.apache.commons.math3.dfp.DfpMath;
import org.apache.commons.math3.filter.DefaultMeasurementModel;
import org.apache.commons.math3.filter.DefaultProcessModel;
import org.apache.commons.math3.filter.KalmanFilter;
import org.apache.commons.math3.fraction.BigFraction;
import org.apache.commons.math3.fraction.BigFractionField;
import org.apache.commons.math3.fraction.Fraction;
import org.apache.commons.math3.fraction.FractionField;
import org.apache.commons.math3.fraction.FractionFormat;
import org.apache.commons.math3.linear.Array2DRowFieldMatrix;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.BlockRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.ConjugateGradient;
import org.apache.commons.math3.linear.DiagonalMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.FieldLUDecomposition;
import org.apache.commons.math3.linear.JacobiPreconditioner;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.OpenMapRealMatrix;
import org.apache.commons.math3.linear.OpenMapRealVector;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RRQRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealMatrixFormat;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.RectangularCholeskyDecomposition;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.apache.commons.math3.linear.SparseFieldMatrix;
import org.apache.commons.math3.linear.SymmLQ;
import org.apache.commons.math3.primes.Primes;
import org.apache.commons.math3.special.BesselJ;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.special.Gamma;
import org.apache.commons.math3.transform.DctNormalization;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.DstNormalization;
import org.apache.commons.math3.transform.FastCosineTransformer;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.FastHadamardTransformer;
import org.apache.commons.math3.transform.FastSineTransformer;
import org.apache.commons.math3.transform.TransformType;
import org.apache.commons.math3.util.BigReal;
import org.apache.commons.math3.util.Combinations;
import org.apache.commons.math3.util.Decimal64Field;
import org.apache.commons.math3.util.MultidimensionalCounter;
import org.apache.commons.math3.util.OpenIntToDoubleHashMap;
import org.apache.commons.math3.util.ResizableDoubleArray;

/** Linear algebra, transforms, special functions and kinds of numbers. */
final class Numerics {
    private static final double[][] SYMMETRIC = {{4, 1, 0}, {1, 3, 1}, {0, 1, 2}};
    private static final double[] SIGNAL = {0, 1, 2, 3, 4, 3, 2, 1};

    private Numerics() {}

    static double sum() {
        return decompositions() + solutions() + matrices() + transforms() + numbers() + specials() + filtered();
    }

    private static double decompositions() {
        RealMatrix matrix = new Array2DRowRealMatrix(SYMMETRIC);
        RealMatrix rotating = new Array2DRowRealMatrix(new double[][] {{0, 1, 0}, {-1, 0, 0}, {1, 2, 3}});
        return new LUDecomposition(matrix).getDeterminant()
                + new CholeskyDecomposition(matrix).getDeterminant()
                + new QRDecomposition(matrix).getR().getNorm()
                + new RRQRDecomposition(matrix).getR().getNorm()
                + new SingularValueDecomposition(matrix).getConditionNumber()
                + new EigenDecomposition(matrix).getRealEigenvalue(0)
                + new EigenDecomposition(rotating).getRealEigenvalue(0)
                + new RectangularCholeskyDecomposition(matrix, 1e-3).getRank();
    }

    private static double solutions() {
        RealMatrix matrix = new Array2DRowRealMatrix(SYMMETRIC);
        RealVector right = new ArrayRealVector(new double[] {1, 2, 3});
        Array2DRowRealMatrix operator = new Array2DRowRealMatrix(SYMMETRIC);
        return new LUDecomposition(matrix).getSolver().solve(right).getNorm()
                + new QRDecomposition(matrix).getSolver().solve(right).getNorm()
                + new CholeskyDecomposition(matrix).getSolver().solve(right).getNorm()
                + new SingularValueDecomposition(matrix)
                        .getSolver()
                        .solve(right)
                        .getNorm()
                + new EigenDecomposition(matrix).getSolver().solve(right).getNorm()
                + new ConjugateGradient(100, 1e-6, true)
                        .solve(operator, JacobiPreconditioner.create(operator), right)
                        .getNorm()
                + new SymmLQ(100, 1e-6, true).solve(operator, right).getNorm();
    }

    private static double matrices() {
        OpenMapRealMatrix sparse = new OpenMapRealMatrix(3, 3);
        sparse.setEntry(1, 1, 2);
        SparseFieldMatrix<Fraction> sparseField = new SparseFieldMatrix<>(FractionField.getInstance(), 2, 2);
        sparseField.setEntry(0, 0, Fraction.ONE_HALF);
        Array2DRowFieldMatrix<Fraction> field = new Array2DRowFieldMatrix<>(
                new Fraction[][] {{Fraction.ONE, Fraction.TWO}, {Fraction.ONE_HALF, Fraction.ONE_THIRD}});
        return new BlockRealMatrix(SYMMETRIC).multiply(sparse).getNorm()
                + new DiagonalMatrix(new double[] {1, 2, 3}).getTrace()
                + new OpenMapRealVector(new double[] {0, 1, 0}).getNorm()
                + new FieldLUDecomposition<>(field).getDeterminant().doubleValue()
                + sparseField.getEntry(0, 0).doubleValue()
                + MatrixUtils.createRealIdentityMatrix(3).getTrace()
                + new RealMatrixFormat().format(sparse).length();
    }

    private static double transforms() {
        return new FastFourierTransformer(DftNormalization.STANDARD).transform(SIGNAL, TransformType.FORWARD)[1].abs()
                + new FastCosineTransformer(DctNormalization.STANDARD_DCT_I)
                        .transform(new double[] {1, 2, 3, 4, 5}, TransformType.FORWARD)[1]
                + new FastSineTransformer(DstNormalization.STANDARD_DST_I).transform(SIGNAL, TransformType.FORWARD)[1]
                + new FastHadamardTransformer().transform(SIGNAL, TransformType.FORWARD)[1];
    }

    private static double numbers() {
        RootsOfUnity roots = new RootsOfUnity();
        roots.computeRoots(5);
        DfpField decimals = new DfpField(20);
        OpenIntToDoubleHashMap map = new OpenIntToDoubleHashMap();
        map.put(1, 2);
        ResizableDoubleArray array = new ResizableDoubleArray(SIGNAL);
        return new Complex(1, 2).sqrt().abs()
                + ComplexField.getInstance().getOne().abs()
                + new ComplexFormat().format(Complex.I).length()
                + new Quaternion(1, 2, 3, 4).getNorm()
                + roots.getReal(1)
                + DfpMath.exp(decimals.newDfp(2)).toDouble()
                + new BigFraction(1, 3).pow(3).doubleValue()
                + BigFractionField.getInstance().getOne().doubleValue()
                + new FractionFormat().format(Fraction.TWO_THIRDS).length()
                + Decimal64Field.getInstance().getOne().doubleValue()
                + new BigReal(1.5).doubleValue()
                + new Combinations(5, 2).iterator().next()[0]
                + new MultidimensionalCounter(2, 3).getSize()
                + map.get(1)
                + array.getNumElements()
                + Primes.primeFactors(1_000_007).size();
    }

    private static double specials() {
        return Erf.erf(0.5) + Gamma.logGamma(3) + Beta.logBeta(2, 3) + new BesselJ(1).value(2);
    }

    private static double filtered() {
        KalmanFilter filter = new KalmanFilter(
                new DefaultProcessModel(
                        new double[][] {{1}},
                        new double[][] {{0}},
                        new double[][] {{1e-3}},
                        new double[1],
                        new double[][] {{1}}),
                new DefaultMeasurementModel(new double[][] {{1}}, new double[][] {{0.1}}));
        filter.predict();
        filter.correct(new double[] {0.5});
        return filter.getStateEstimation()[0];
    }
}
