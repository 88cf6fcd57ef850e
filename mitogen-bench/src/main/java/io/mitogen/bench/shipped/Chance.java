// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.AbstractIntegerDistribution;
import org.apache.commons.math3.distribution.AbstractRealDistribution;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.CauchyDistribution;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.ConstantRealDistribution;
import org.apache.commons.math3.distribution.ExponentialDistribution;
import org.apache.commons.math3.distribution.FDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.distribution.GeometricDistribution;
import org.apache.commons.math3.distribution.GumbelDistribution;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.apache.commons.math3.distribution.LaplaceDistribution;
import org.apache.commons.math3.distribution.LevyDistribution;
import org.apache.commons.math3.distribution.LogNormalDistribution;
import org.apache.commons.math3.distribution.LogisticDistribution;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.apache.commons.math3.distribution.NakagamiDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.ParetoDistribution;
import org.apache.commons.math3.distribution.PascalDistribution;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.distribution.TriangularDistribution;
import org.apache.commons.math3.distribution.UniformIntegerDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.distribution.WeibullDistribution;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.GaussianRandomGenerator;
import org.apache.commons.math3.random.HaltonSequenceGenerator;
import org.apache.commons.math3.random.ISAACRandom;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.UncorrelatedRandomVectorGenerator;
import org.apache.commons.math3.random.UnitSphereRandomVectorGenerator;
import org.apache.commons.math3.random.Well1024a;
import org.apache.commons.math3.random.Well19937a;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.random.Well44497a;
import org.apache.commons.math3.random.Well44497b;
import org.apache.commons.math3.random.Well512a;
import org.apache.commons.math3.stat.Frequency;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.descriptive.MultivariateSummaryStatistics;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.stat.descriptive.moment.SemiVariance;
import org.apache.commons.math3.stat.descriptive.rank.PSquarePercentile;
import org.apache.commons.math3.stat.inference.AlternativeHypothesis;
import org.apache.commons.math3.stat.inference.BinomialTest;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.GTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.apache.commons.math3.stat.inference.MannWhitneyUTest;
import org.apache.commons.math3.stat.inference.OneWayAnova;
import org.apache.commons.math3.stat.inference.TTest;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import org.apache.commons.math3.stat.interval.IntervalUtils;
import org.apache.commons.math3.stat.regression.GLSMultipleLinearRegression;
import org.apache.commons.math3.stat.regression.MillerUpdatingRegression;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** Distributions, random numbers and statistics. */
final class Chance {
    private static final int SEED = 7;
    private static final double[] ONE = {1, 2.5, 3, 4.5, 5, 7, 8.5, 11};
    private static final double[] OTHER = {2, 2.25, 4, 4.75, 7, 6, 9, 10};

    private Chance() {}

    static double sum() {
        return distributions() + generators() + descriptions() + tests() + regressions();
    }

    private static double distributions() {
        RandomGenerator random = new MersenneTwister(SEED);
        double sum = 0;
        for (AbstractRealDistribution each : List.of(
                new BetaDistribution(random, 2, 3),
                new CauchyDistribution(random, 0, 1),
                new ChiSquaredDistribution(random, 3),
                new ConstantRealDistribution(1),
                new ExponentialDistribution(random, 2),
                new FDistribution(random, 3, 5),
                new GammaDistribution(random, 2, 2),
                new GumbelDistribution(random, 1, 2),
                new LaplaceDistribution(random, 0, 1),
                new LevyDistribution(random, 0, 1),
                new LogNormalDistribution(random, 0, 1),
                new LogisticDistribution(random, 0, 1),
                new NakagamiDistribution(1, 1),
                new NormalDistribution(random, 0, 1),
                new ParetoDistribution(random, 1, 1),
                new TDistribution(random, 4),
                new TriangularDistribution(random, 0, 1, 2),
                new UniformRealDistribution(random, 0, 1),
                new WeibullDistribution(random, 1, 2))) {
            sum += each.cumulativeProbability(1);
        }
        for (AbstractIntegerDistribution each : List.of(
                new BinomialDistribution(random, 10, 0.5),
                new GeometricDistribution(random, 0.5),
                new HypergeometricDistribution(random, 20, 7, 12),
                new PascalDistribution(random, 3, 0.5),
                new PoissonDistribution(2),
                new UniformIntegerDistribution(random, 0, 9),
                new ZipfDistribution(random, 10, 2))) {
            sum += each.cumulativeProbability(3);
        }
        return sum
                + new MultivariateNormalDistribution(random, new double[2], new double[][] {{1, 0}, {0, 1}})
                        .density(new double[2]);
    }

    private static double generators() {
        List<RandomGenerator> generators = new ArrayList<>(List.of(
                new ISAACRandom(SEED),
                new Well512a(SEED),
                new Well1024a(SEED),
                new Well19937a(SEED),
                new Well19937c(SEED),
                new Well44497a(SEED),
                new Well44497b(SEED)));
        double sum = 0;
        for (RandomGenerator each : generators) {
            sum += each.nextDouble();
        }
        GaussianRandomGenerator gaussian = new GaussianRandomGenerator(generators.get(0));
        return sum
                + new UncorrelatedRandomVectorGenerator(2, gaussian).nextVector()[0]
                + new UnitSphereRandomVectorGenerator(2, generators.get(1)).nextVector()[0]
                + new HaltonSequenceGenerator(2).nextVector()[0];
    }

    private static double descriptions() {
        DescriptiveStatistics descriptive = new DescriptiveStatistics(ONE);
        SummaryStatistics summary = new SummaryStatistics();
        MultivariateSummaryStatistics multivariate = new MultivariateSummaryStatistics(1, true);
        PSquarePercentile percentile = new PSquarePercentile(50);
        Frequency frequency = new Frequency();
        for (double value : ONE) {
            summary.addValue(value);
            multivariate.addValue(new double[] {value});
            percentile.increment(value);
            frequency.addValue(Math.round(value));
        }
        return descriptive.getKurtosis()
                + descriptive.getSkewness()
                + descriptive.getPercentile(30)
                + descriptive.getGeometricMean()
                + summary.getVariance()
                + multivariate.getMean()[0]
                + percentile.getResult()
                + frequency.getCount(3)
                + new SemiVariance().evaluate(ONE);
    }

    private static double tests() {
        long[] counts = {10, 15, 20};
        double[] expected = {12, 14, 19};
        return new TTest().tTest(ONE, OTHER)
                + new ChiSquareTest().chiSquareTest(expected, counts)
                + new GTest().g(expected, counts)
                + new BinomialTest().binomialTest(10, 4, 0.5, AlternativeHypothesis.TWO_SIDED)
                + new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(ONE, OTHER)
                + new MannWhitneyUTest().mannWhitneyU(ONE, OTHER)
                + new WilcoxonSignedRankTest().wilcoxonSignedRank(ONE, OTHER)
                + new OneWayAnova().anovaFValue(List.of(ONE, OTHER))
                + IntervalUtils.getAgrestiCoullInterval(20, 8, 0.9).getLowerBound()
                + IntervalUtils.getClopperPearsonInterval(20, 8, 0.9).getLowerBound()
                + IntervalUtils.getNormalApproximationInterval(20, 8, 0.9).getLowerBound()
                + IntervalUtils.getWilsonScoreInterval(20, 8, 0.9).getLowerBound();
    }

    private static double regressions() {
        double[][] x = {{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}};
        double[][] identity = new double[ONE.length][ONE.length];
        SimpleRegression simple = new SimpleRegression();
        MillerUpdatingRegression updating = new MillerUpdatingRegression(1, true);
        for (int i = 0; i < ONE.length; i++) {
            identity[i][i] = 1;
            simple.addData(x[i][0], ONE[i]);
            updating.addObservation(x[i], ONE[i]);
        }
        OLSMultipleLinearRegression ordinary = new OLSMultipleLinearRegression();
        ordinary.newSampleData(ONE, x);
        GLSMultipleLinearRegression generalised = new GLSMultipleLinearRegression();
        generalised.newSampleData(ONE, x, identity);
        return simple.getSlope()
                + updating.regress().getParameterEstimate(0)
                + ordinary.calculateRSquared()
                + generalised.estimateRegressionParameters()[0]
                + new Covariance().covariance(ONE, OTHER)
                + new PearsonsCorrelation().correlation(ONE, OTHER)
                + new SpearmansCorrelation().correlation(ONE, OTHER)
                + new KendallsCorrelation().correlation(ONE, OTHER);
    }
}
