// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.geometry.enclosing.WelzlEncloser;
import org.apache.commons.math3.geometry.euclidean.oned.Interval;
import org.apache.commons.math3.geometry.euclidean.oned.IntervalsSet;
import org.apache.commons.math3.geometry.euclidean.threed.Plane;
import org.apache.commons.math3.geometry.euclidean.threed.PolyhedronsSet;
import org.apache.commons.math3.geometry.euclidean.threed.Rotation;
import org.apache.commons.math3.geometry.euclidean.threed.RotationConvention;
import org.apache.commons.math3.geometry.euclidean.threed.RotationOrder;
import org.apache.commons.math3.geometry.euclidean.threed.SphereGenerator;
import org.apache.commons.math3.geometry.euclidean.threed.SphericalCoordinates;
import org.apache.commons.math3.geometry.euclidean.threed.Vector3D;
import org.apache.commons.math3.geometry.euclidean.twod.DiskGenerator;
import org.apache.commons.math3.geometry.euclidean.twod.PolygonsSet;
import org.apache.commons.math3.geometry.euclidean.twod.Vector2D;
import org.apache.commons.math3.geometry.euclidean.twod.hull.MonotoneChain;
import org.apache.commons.math3.geometry.partitioning.RegionFactory;
import org.apache.commons.math3.geometry.spherical.oned.ArcsSet;
import org.apache.commons.math3.geometry.spherical.twod.SphericalPolygonsSet;
import org.apache.commons.math3.ml.clustering.DBSCANClusterer;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.FuzzyKMeansClusterer;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.clustering.MultiKMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.CanberraDistance;
import org.apache.commons.math3.ml.distance.ChebyshevDistance;
import org.apache.commons.math3.ml.distance.DistanceMeasure;
import org.apache.commons.math3.ml.distance.EarthMoversDistance;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.ml.distance.ManhattanDistance;
import org.apache.commons.math3.ml.neuralnet.FeatureInitializer;
import org.apache.commons.math3.ml.neuralnet.FeatureInitializerFactory;
import org.apache.commons.math3.ml.neuralnet.SquareNeighbourhood;
import org.apache.commons.math3.ml.neuralnet.oned.NeuronString;
import org.apache.commons.math3.ml.neuralnet.twod.NeuronSquareMesh2D;
import org.apache.commons.math3.random.Well512a;

/** Geometry, clusters and nets of neurons. */
final class Shapes {
    private static final double TOLERANCE = 1e-9;
    private static final int SEED = 7;

    private Shapes() {}

    static double sum() {
        return flat() + solid() + round() + clusters() + nets();
    }

    private static double flat() {
        List<Vector2D> corners =
                List.of(new Vector2D(0, 0), new Vector2D(1, 0), new Vector2D(1, 1), new Vector2D(0, 1));
        PolygonsSet square = new PolygonsSet(0, 1, 0, 1, TOLERANCE);
        PolygonsSet other = new PolygonsSet(0.5, 2, 0.5, 2, TOLERANCE);
        return new MonotoneChain().generate(corners).getVertices().length
                + new WelzlEncloser<>(TOLERANCE, new DiskGenerator())
                        .enclose(corners)
                        .getRadius()
                + new RegionFactory<org.apache.commons.math3.geometry.euclidean.twod.Euclidean2D>()
                        .intersection(square, other)
                        .getSize()
                + new IntervalsSet(0, 1, TOLERANCE).getSize()
                + new Interval(0, 1).getSize();
    }

    private static double solid() {
        Rotation rotation = new Rotation(RotationOrder.XYZ, RotationConvention.VECTOR_OPERATOR, 0.1, 0.2, 0.3);
        PolyhedronsSet cube = new PolyhedronsSet(0, 1, 0, 1, 0, 1, TOLERANCE);
        List<Vector3D> points = List.of(Vector3D.ZERO, Vector3D.PLUS_I, Vector3D.PLUS_J, Vector3D.PLUS_K);
        return cube.getSize()
                + cube.rotate(Vector3D.ZERO, rotation).getBoundarySize()
                + new Plane(Vector3D.ZERO, Vector3D.PLUS_K, TOLERANCE).getOffset(Vector3D.PLUS_K)
                + new SphericalCoordinates(Vector3D.PLUS_I).getR()
                + new WelzlEncloser<>(TOLERANCE, new SphereGenerator())
                        .enclose(points)
                        .getRadius();
    }

    private static double round() {
        return new ArcsSet(0, 1, TOLERANCE).getSize() + new SphericalPolygonsSet(Vector3D.PLUS_K, TOLERANCE).getSize();
    }

    private static double clusters() {
        List<DoublePoint> points = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            points.add(new DoublePoint(new double[] {i % 3, i % 4}));
        }
        Well512a random = new Well512a(SEED);
        KMeansPlusPlusClusterer<DoublePoint> means =
                new KMeansPlusPlusClusterer<>(2, 10, new EuclideanDistance(), random);
        double sum = means.cluster(points).size()
                + new MultiKMeansPlusPlusClusterer<>(means, 2).cluster(points).size()
                + new DBSCANClusterer<DoublePoint>(1, 2).cluster(points).size()
                + new FuzzyKMeansClusterer<DoublePoint>(2, 2, 10, new EuclideanDistance(), 1e-3, random)
                        .cluster(points)
                        .size();
        for (DistanceMeasure each : List.of(
                new CanberraDistance(), new ChebyshevDistance(), new EarthMoversDistance(), new ManhattanDistance())) {
            sum += each.compute(points.get(1).getPoint(), points.get(2).getPoint());
        }
        return sum;
    }

    private static double nets() {
        FeatureInitializer[] features = {FeatureInitializerFactory.uniform(new Well512a(SEED), 0, 1)};
        return new NeuronString(5, false, features).getNetwork().getFeaturesSize()
                + new NeuronSquareMesh2D(3, false, 3, false, SquareNeighbourhood.VON_NEUMANN, features)
                        .getNetwork()
                        .getFeaturesSize();
    }
}
