//! k-means (Lloyd 1982).

use leaning::numeric::Random;
use nalgebra::DVector;

/// Number of starts, of which the best result is taken.
const STARTS: usize = 10;
/// Steps from each start. The fit that follows does the rest.
const STEPS: usize = 10;

/// A partition of points.
struct Clustering {
    /// Σ of the squared distances between points and their centres.
    distortion: f64,
    /// The cluster of each point, from 0.
    clusters: Vec<usize>,
}

/// Parts `points` (at least one) into `count` clusters: the cluster of each point, from 0. Clusters
/// may stay empty.
pub(crate) fn k_means(points: &[DVector<f64>], count: usize, random: &mut Random) -> Vec<usize> {
    let mut best = improve(points, starting_centres(points, count, random));
    for _ in 1..STARTS {
        let other = improve(points, starting_centres(points, count, random));
        if other.distortion < best.distortion {
            best = other;
        }
    }
    best.clusters
}

/// Centres by k-means++ (Arthur & Vassilvitskii 2007): each is a point drawn with a probability
/// proportional to its squared distance from the nearest centre so far.
fn starting_centres(
    points: &[DVector<f64>],
    count: usize,
    random: &mut Random,
) -> Vec<DVector<f64>> {
    let mut centres = vec![points[random.below(points.len())].clone()];
    while centres.len() < count {
        let distances: Vec<f64> = points
            .iter()
            .map(|point| nearest(&centres, point).1)
            .collect();
        let mut rest = random.uniform() * distances.iter().sum::<f64>();
        let drawn = distances.iter().position(|distance| {
            rest -= distance;
            rest < 0.0
        });
        // If all points lie at centres already, any point will do.
        centres.push(points[drawn.unwrap_or(0)].clone());
    }
    centres
}

/// Lloyd's steps from these centres.
fn improve(points: &[DVector<f64>], mut centres: Vec<DVector<f64>>) -> Clustering {
    for _ in 0..STEPS {
        let clusters: Vec<usize> = points
            .iter()
            .map(|point| nearest(&centres, point).0)
            .collect();
        for (cluster, centre) in centres.iter_mut().enumerate() {
            let in_cluster = |(point, of): (_, &usize)| (*of == cluster).then_some(point);
            let members: Vec<&DVector<f64>> = points
                .iter()
                .zip(&clusters)
                .filter_map(in_cluster)
                .collect();
            if !members.is_empty() {
                let share = 1.0 / members.len() as f64;
                centre.fill(0.0);
                members
                    .iter()
                    .for_each(|point| centre.axpy(share, point, 1.0));
            }
        }
    }
    let (clusters, distances): (Vec<usize>, Vec<f64>) =
        points.iter().map(|point| nearest(&centres, point)).unzip();
    Clustering {
        distortion: distances.iter().sum(),
        clusters,
    }
}

/// The place of the nearest centre, the first of equals, and its squared distance.
fn nearest(centres: &[DVector<f64>], point: &DVector<f64>) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (place, centre) in centres.iter().enumerate() {
        let distance = (centre - point).norm_squared();
        if distance < best.1 {
            best = (place, distance);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_around_three_centres_are_parted_by_centre() {
        let mut random = Random::new(1, 0);
        let centre = |index: usize| [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]][index % 3];
        let points: Vec<DVector<f64>> = (0..60)
            .map(|index| DVector::from_column_slice(&centre(index)) + random.normals(2))
            .collect();
        let clusters = k_means(&points, 3, &mut random);
        for (index, cluster) in clusters.iter().enumerate() {
            assert_eq!(*cluster, clusters[index % 3]);
        }
        assert!(
            clusters[0] != clusters[1] && clusters[1] != clusters[2] && clusters[0] != clusters[2]
        );
    }

    #[test]
    fn equal_points_may_be_parted_into_more_clusters_than_there_are_places() {
        let points = vec![DVector::from_element(2, 0.5); 4];
        let clusters = k_means(&points, 3, &mut Random::new(1, 0));
        assert_eq!(clusters, [0; 4]);
    }
}
