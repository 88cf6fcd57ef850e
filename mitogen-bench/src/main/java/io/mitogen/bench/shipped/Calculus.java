// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

import java.util.List;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.apache.commons.math3.analysis.differentiation.FiniteDifferencesDifferentiator;
import org.apache.commons.math3.analysis.differentiation.SparseGradient;
import org.apache.commons.math3.analysis.function.Abs;
import org.apache.commons.math3.analysis.function.Acos;
import org.apache.commons.math3.analysis.function.Asin;
import org.apache.commons.math3.analysis.function.Asinh;
import org.apache.commons.math3.analysis.function.Atan;
import org.apache.commons.math3.analysis.function.Cbrt;
import org.apache.commons.math3.analysis.function.Ceil;
import org.apache.commons.math3.analysis.function.Constant;
import org.apache.commons.math3.analysis.function.Cos;
import org.apache.commons.math3.analysis.function.Cosh;
import org.apache.commons.math3.analysis.function.Exp;
import org.apache.commons.math3.analysis.function.Expm1;
import org.apache.commons.math3.analysis.function.Floor;
import org.apache.commons.math3.analysis.function.Gaussian;
import org.apache.commons.math3.analysis.function.HarmonicOscillator;
import org.apache.commons.math3.analysis.function.Identity;
import org.apache.commons.math3.analysis.function.Inverse;
import org.apache.commons.math3.analysis.function.Log;
import org.apache.commons.math3.analysis.function.Log10;
import org.apache.commons.math3.analysis.function.Log1p;
import org.apache.commons.math3.analysis.function.Logistic;
import org.apache.commons.math3.analysis.function.Minus;
import org.apache.commons.math3.analysis.function.Power;
import org.apache.commons.math3.analysis.function.Rint;
import org.apache.commons.math3.analysis.function.Sigmoid;
import org.apache.commons.math3.analysis.function.Signum;
import org.apache.commons.math3.analysis.function.Sin;
import org.apache.commons.math3.analysis.function.Sinc;
import org.apache.commons.math3.analysis.function.Sinh;
import org.apache.commons.math3.analysis.function.Sqrt;
import org.apache.commons.math3.analysis.function.StepFunction;
import org.apache.commons.math3.analysis.function.Tan;
import org.apache.commons.math3.analysis.function.Tanh;
import org.apache.commons.math3.analysis.function.Ulp;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.apache.commons.math3.analysis.integration.MidPointIntegrator;
import org.apache.commons.math3.analysis.integration.RombergIntegrator;
import org.apache.commons.math3.analysis.integration.SimpsonIntegrator;
import org.apache.commons.math3.analysis.integration.TrapezoidIntegrator;
import org.apache.commons.math3.analysis.integration.UnivariateIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.analysis.interpolation.AkimaSplineInterpolator;
import org.apache.commons.math3.analysis.interpolation.BicubicInterpolator;
import org.apache.commons.math3.analysis.interpolation.DividedDifferenceInterpolator;
import org.apache.commons.math3.analysis.interpolation.HermiteInterpolator;
import org.apache.commons.math3.analysis.interpolation.LinearInterpolator;
import org.apache.commons.math3.analysis.interpolation.LoessInterpolator;
import org.apache.commons.math3.analysis.interpolation.NevilleInterpolator;
import org.apache.commons.math3.analysis.interpolation.PiecewiseBicubicSplineInterpolator;
import org.apache.commons.math3.analysis.interpolation.SplineInterpolator;
import org.apache.commons.math3.analysis.interpolation.TricubicInterpolator;
import org.apache.commons.math3.analysis.interpolation.UnivariateInterpolator;
import org.apache.commons.math3.analysis.polynomials.PolynomialFunction;
import org.apache.commons.math3.analysis.polynomials.PolynomialsUtils;
import org.apache.commons.math3.analysis.solvers.BisectionSolver;
import org.apache.commons.math3.analysis.solvers.BracketingNthOrderBrentSolver;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.analysis.solvers.IllinoisSolver;
import org.apache.commons.math3.analysis.solvers.LaguerreSolver;
import org.apache.commons.math3.analysis.solvers.MullerSolver;
import org.apache.commons.math3.analysis.solvers.MullerSolver2;
import org.apache.commons.math3.analysis.solvers.NewtonRaphsonSolver;
import org.apache.commons.math3.analysis.solvers.PegasusSolver;
import org.apache.commons.math3.analysis.solvers.RegulaFalsiSolver;
import org.apache.commons.math3.analysis.solvers.RiddersSolver;
import org.apache.commons.math3.analysis.solvers.SecantSolver;
import org.apache.commons.math3.analysis.solvers.UnivariateSolver;
import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.apache.commons.math3.ode.FirstOrderIntegrator;
import org.apache.commons.math3.ode.nonstiff.AdamsBashforthIntegrator;
import org.apache.commons.math3.ode.nonstiff.AdamsMoultonIntegrator;
import org.apache.commons.math3.ode.nonstiff.ClassicalRungeKuttaIntegrator;
import org.apache.commons.math3.ode.nonstiff.DormandPrince54Integrator;
import org.apache.commons.math3.ode.nonstiff.DormandPrince853Integrator;
import org.apache.commons.math3.ode.nonstiff.EulerIntegrator;
import org.apache.commons.math3.ode.nonstiff.GillIntegrator;
import org.apache.commons.math3.ode.nonstiff.GraggBulirschStoerIntegrator;
import org.apache.commons.math3.ode.nonstiff.HighamHall54Integrator;
import org.apache.commons.math3.ode.nonstiff.LutherIntegrator;
import org.apache.commons.math3.ode.nonstiff.MidpointIntegrator;
import org.apache.commons.math3.ode.nonstiff.ThreeEighthesIntegrator;

/** Functions, their derivatives, integrals, zeros and interpolations, and differential equations. */
final class Calculus {
    private static final double STEP = 0.25;
    private static final double[] KNOTS = {0, 1, 2, 3, 4, 5};
    private static final int MAX_EVALUATIONS = 10_000;

    private Calculus() {}

    static double sum() {
        return functions() + integrals() + zeros() + interpolations() + equations() + derivatives();
    }

    private static double functions() {
        double sum = 0;
        for (UnivariateFunction each : List.of(
                new Abs(),
                new Acos(),
                new Asin(),
                new Asinh(),
                new Atan(),
                new Cbrt(),
                new Ceil(),
                new Constant(2),
                new Cos(),
                new Cosh(),
                new Exp(),
                new Expm1(),
                new Floor(),
                new Gaussian(),
                new HarmonicOscillator(1, 2, 3),
                new Identity(),
                new Inverse(),
                new Log(),
                new Log10(),
                new Log1p(),
                new Logistic(1, 2, 3, 4, 5, 6),
                new Minus(),
                new Power(2),
                new Rint(),
                new Sigmoid(),
                new Signum(),
                new Sin(),
                new Sinc(),
                new Sinh(),
                new Sqrt(),
                new Tan(),
                new Tanh(),
                new Ulp(),
                new StepFunction(KNOTS, KNOTS))) {
            sum += each.value(STEP);
        }
        return sum;
    }

    private static double integrals() {
        double sum = new GaussIntegratorFactory().legendre(5, 0, 1).integrate(new Sin())
                + new GaussIntegratorFactory().hermite(5).integrate(new Cos())
                + new GaussIntegratorFactory().legendreHighPrecision(5, 0, 1).integrate(new Sin());
        for (UnivariateIntegrator each : List.of(
                new MidPointIntegrator(1e-3, 1e-3, 3, 30),
                new RombergIntegrator(),
                new SimpsonIntegrator(),
                new TrapezoidIntegrator(1e-3, 1e-3, 3, 30),
                new IterativeLegendreGaussIntegrator(5, 1e-3, 1e-3))) {
            sum += each.integrate(MAX_EVALUATIONS, new Sin(), 0, 1);
        }
        return sum;
    }

    private static double zeros() {
        double sum = 0;
        for (UnivariateSolver each : List.of(
                new BisectionSolver(),
                new BracketingNthOrderBrentSolver(),
                new BrentSolver(),
                new IllinoisSolver(),
                new MullerSolver(),
                new MullerSolver2(),
                new PegasusSolver(),
                new RegulaFalsiSolver(),
                new RiddersSolver(),
                new SecantSolver())) {
            sum += each.solve(MAX_EVALUATIONS, new Cos(), 1, 2, 1.5);
        }
        PolynomialFunction polynomial = new PolynomialFunction(new double[] {-2, 0, 1});
        return sum
                + new LaguerreSolver().solve(MAX_EVALUATIONS, polynomial, 0, 2, 1)
                + new NewtonRaphsonSolver().solve(MAX_EVALUATIONS, new Cos(), 1, 2)
                + PolynomialsUtils.createLegendrePolynomial(5).value(STEP)
                + PolynomialsUtils.createChebyshevPolynomial(5).value(STEP);
    }

    private static double interpolations() {
        double sum = 0;
        for (UnivariateInterpolator each : List.of(
                new AkimaSplineInterpolator(),
                new DividedDifferenceInterpolator(),
                new LinearInterpolator(),
                new LoessInterpolator(0.5, 1),
                new NevilleInterpolator(),
                new SplineInterpolator())) {
            sum += each.interpolate(KNOTS, KNOTS).value(STEP);
        }
        double[][] plane = new double[KNOTS.length][KNOTS.length];
        double[][][] space = new double[KNOTS.length][KNOTS.length][KNOTS.length];
        HermiteInterpolator hermite = new HermiteInterpolator();
        hermite.addSamplePoint(0, new double[] {1}, new double[] {2});
        return sum
                + new BicubicInterpolator().interpolate(KNOTS, KNOTS, plane).value(1, 1)
                + new PiecewiseBicubicSplineInterpolator()
                        .interpolate(KNOTS, KNOTS, plane)
                        .value(1, 1)
                + new TricubicInterpolator()
                        .interpolate(KNOTS, KNOTS, KNOTS, space)
                        .value(1, 1, 1)
                + hermite.value(STEP)[0];
    }

    private static double equations() {
        double sum = 0;
        for (FirstOrderIntegrator each : List.of(
                new AdamsBashforthIntegrator(3, 1e-3, 1, 1e-3, 1e-3),
                new AdamsMoultonIntegrator(3, 1e-3, 1, 1e-3, 1e-3),
                new ClassicalRungeKuttaIntegrator(STEP),
                new DormandPrince54Integrator(1e-3, 1, 1e-3, 1e-3),
                new DormandPrince853Integrator(1e-3, 1, 1e-3, 1e-3),
                new EulerIntegrator(STEP),
                new GillIntegrator(STEP),
                new GraggBulirschStoerIntegrator(1e-3, 1, 1e-3, 1e-3),
                new HighamHall54Integrator(1e-3, 1, 1e-3, 1e-3),
                new LutherIntegrator(STEP),
                new MidpointIntegrator(STEP),
                new ThreeEighthesIntegrator(STEP))) {
            double[] y = {1};
            each.integrate(new Decay(), 0, y, 1, y);
            sum += y[0];
        }
        return sum;
    }

    private static double derivatives() {
        DerivativeStructure x = new DerivativeStructure(1, 2, 0, STEP);
        return x.sin().multiply(x.exp()).getPartialDerivative(1)
                + SparseGradient.createVariable(0, STEP).cos().getDerivative(0)
                + new FiniteDifferencesDifferentiator(5, STEP)
                        .differentiate(new Sin())
                        .value(x)
                        .getValue();
    }

    /** Loses its own value each second. */
    private static final class Decay implements FirstOrderDifferentialEquations {
        @Override
        public int getDimension() {
            return 1;
        }

        @Override
        public void computeDerivatives(double t, double[] y, double[] yDot) {
            yDot[0] = -y[0];
        }
    }
}
