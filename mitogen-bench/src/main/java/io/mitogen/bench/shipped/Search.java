// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.analysis.function.Cos;
import org.apache.commons.math3.fitting.GaussianCurveFitter;
import org.apache.commons.math3.fitting.HarmonicCurveFitter;
import org.apache.commons.math3.fitting.PolynomialCurveFitter;
import org.apache.commons.math3.fitting.WeightedObservedPoints;
import org.apache.commons.math3.fitting.leastsquares.GaussNewtonOptimizer;
import org.apache.commons.math3.genetics.BinaryChromosome;
import org.apache.commons.math3.genetics.BinaryMutation;
import org.apache.commons.math3.genetics.Chromosome;
import org.apache.commons.math3.genetics.ElitisticListPopulation;
import org.apache.commons.math3.genetics.FixedGenerationCount;
import org.apache.commons.math3.genetics.GeneticAlgorithm;
import org.apache.commons.math3.genetics.NPointCrossover;
import org.apache.commons.math3.genetics.OnePointCrossover;
import org.apache.commons.math3.genetics.TournamentSelection;
import org.apache.commons.math3.genetics.UniformCrossover;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunctionGradient;
import org.apache.commons.math3.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.MultiDirectionalSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.PowellOptimizer;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;
import org.apache.commons.math3.random.Well512a;

/** Optima, fits, linear programs and genetic algorithms. */
final class Search {
    private static final int SEED = 7;
    private static final MaxEval EVALUATIONS = new MaxEval(10_000);
    private static final ObjectiveFunction BOWL =
            new ObjectiveFunction(point -> point[0] * point[0] + point[1] * point[1]);

    private Search() {}

    static double sum() {
        return optima() + constrained() + program() + fits() + evolution();
    }

    private static double optima() {
        InitialGuess guess = new InitialGuess(new double[] {1, 1});
        SimplexOptimizer simplex = new SimplexOptimizer(1e-6, 1e-6);
        return new BrentOptimizer(1e-6, 1e-6)
                        .optimize(
                                new UnivariateObjectiveFunction(new Cos()),
                                GoalType.MINIMIZE,
                                new SearchInterval(2, 4),
                                EVALUATIONS)
                        .getPoint()
                + simplex.optimize(BOWL, GoalType.MINIMIZE, guess, new NelderMeadSimplex(2), EVALUATIONS)
                        .getValue()
                + simplex.optimize(BOWL, GoalType.MINIMIZE, guess, new MultiDirectionalSimplex(2), EVALUATIONS)
                        .getValue()
                + new PowellOptimizer(1e-6, 1e-6)
                        .optimize(BOWL, GoalType.MINIMIZE, guess, EVALUATIONS)
                        .getValue()
                + new NonLinearConjugateGradientOptimizer(
                                NonLinearConjugateGradientOptimizer.Formula.POLAK_RIBIERE,
                                new SimpleValueChecker(1e-6, 1e-6))
                        .optimize(
                                BOWL,
                                new ObjectiveFunctionGradient(point -> new double[] {2 * point[0], 2 * point[1]}),
                                GoalType.MINIMIZE,
                                guess,
                                EVALUATIONS)
                        .getValue();
    }

    private static double constrained() {
        InitialGuess guess = new InitialGuess(new double[] {1, 1});
        SimpleBounds bounds = new SimpleBounds(new double[] {-2, -2}, new double[] {2, 2});
        CMAESOptimizer evolving =
                new CMAESOptimizer(30, 1e-3, true, 0, 0, new Well512a(SEED), false, new SimpleValueChecker(1e-6, 1e-6));
        return new BOBYQAOptimizer(5)
                        .optimize(BOWL, GoalType.MINIMIZE, guess, bounds, EVALUATIONS)
                        .getValue()
                + evolving.optimize(
                                BOWL,
                                GoalType.MINIMIZE,
                                guess,
                                bounds,
                                new CMAESOptimizer.Sigma(new double[] {0.5, 0.5}),
                                new CMAESOptimizer.PopulationSize(5),
                                EVALUATIONS)
                        .getValue();
    }

    private static double program() {
        return new SimplexSolver()
                .optimize(
                        new LinearObjectiveFunction(new double[] {1, 2}, 0),
                        new LinearConstraintSet(new LinearConstraint(new double[] {1, 1}, Relationship.LEQ, 4)),
                        GoalType.MAXIMIZE,
                        new NonNegativeConstraint(true))
                .getValue();
    }

    private static double fits() {
        WeightedObservedPoints bell = new WeightedObservedPoints();
        WeightedObservedPoints wave = new WeightedObservedPoints();
        for (int i = 0; i < 30; i++) {
            bell.add(i, Math.exp(-(i - 15.0) * (i - 15.0) / 20));
            wave.add(i, Math.cos(i / 3.0));
        }
        return PolynomialCurveFitter.create(2).fit(bell.toList())[0]
                + GaussianCurveFitter.create().fit(bell.toList())[0]
                + HarmonicCurveFitter.create().fit(wave.toList())[0]
                + new GaussNewtonOptimizer().getDecomposition().ordinal();
    }

    private static double evolution() {
        GeneticAlgorithm.setRandomGenerator(new Well512a(SEED));
        double sum = 0;
        for (var crossover : List.of(
                new OnePointCrossover<Integer>(),
                new NPointCrossover<Integer>(2),
                new UniformCrossover<Integer>(0.5))) {
            ElitisticListPopulation population = new ElitisticListPopulation(10, 0.2);
            for (int i = 0; i < 10; i++) {
                population.addChromosome(new Bits(BinaryChromosome.randomBinaryRepresentation(8)));
            }
            sum += new GeneticAlgorithm(crossover, 1, new BinaryMutation(), 0.1, new TournamentSelection(2))
                    .evolve(population, new FixedGenerationCount(3))
                    .getFittestChromosome()
                    .getFitness();
        }
        return sum;
    }

    /** Fitter the more of its bits are set. */
    private static final class Bits extends BinaryChromosome {
        Bits(List<Integer> bits) {
            super(bits);
        }

        @Override
        public double fitness() {
            return getRepresentation().stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public org.apache.commons.math3.genetics.AbstractListChromosome<Integer> newFixedLengthChromosome(
                List<Integer> bits) {
            return new Bits(new ArrayList<>(bits));
        }

        @Override
        protected boolean isSame(Chromosome other) {
            return other instanceof Bits bits && bits.getRepresentation().equals(getRepresentation());
        }
    }
}
