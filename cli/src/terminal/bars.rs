//! Small pictures in block characters.

/// Eighths of a column, from the left.
const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/// Eighths of a line, from below.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// An interval and the estimate in it, on an axis from −`limit` to `limit` with a mark at 0. What
/// lies outside is drawn at the edge.
pub fn interval_bar((low, high): (f64, f64), estimate: f64, limit: f64, width: usize) -> String {
    let last = width.saturating_sub(1);
    let column = |value: f64| {
        let share = 0.5 + 0.5 * (value / limit).clamp(-1.0, 1.0);
        // NaN, from a limit of 0, is drawn at 0 on the left.
        (share * last as f64).round() as usize
    };
    let (low, high, estimate, middle) = (column(low), column(high), column(estimate), column(0.0));
    let character = |place: usize| match place {
        _ if place == estimate => '●',
        _ if (low..=high).contains(&place) => '━',
        _ if place == middle => '┊',
        _ => '·',
    };
    (0..width).map(character).collect()
}

/// A bar that fills a share, from 0 to 1, of `width` columns.
pub fn share_bar(share: f64, width: usize) -> String {
    let share = if share.is_finite() { share } else { 0.0 };
    let eighths = (share.clamp(0.0, 1.0) * 8.0 * width as f64).round() as usize;
    let bar = format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]);
    bar.trim_end().to_owned()
}

/// A curve through points of rising x, in `width` columns: from the first x to the last, between
/// the heights `low` and `high`. Columns without a finite value stay empty.
pub fn sparkline(points: &[(f64, f64)], (low, high): (f64, f64), width: usize) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    let steps = width.saturating_sub(1).max(1) as f64;
    let level = |column: usize| {
        let x = first.0 + (last.0 - first.0) * column as f64 / steps;
        let share = (interpolate(points, x) - low) / (high - low);
        if share.is_nan() {
            return if high > low { ' ' } else { LEVELS[0] };
        }
        LEVELS[(share.clamp(0.0, 1.0) * 7.0).round() as usize]
    };
    (0..width).map(level).collect()
}

/// Linear between the points on both sides of x.
fn interpolate(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.iter().position(|point| point.0 >= x);
    match after {
        None => points.last().map_or(f64::NAN, |point| point.1),
        Some(0) => points[0].1,
        Some(place) => {
            let ((x0, y0), (x1, y1)) = (points[place - 1], points[place]);
            y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_stands_where_it_is_on_the_axis() {
        assert_eq!(interval_bar((-1.0, 0.0), -0.5, 1.0, 9), "━━●━━····");
        assert_eq!(interval_bar((0.5, 9.0), 5.0, 1.0, 9), "····┊·━━●");
        assert_eq!(interval_bar((0.0, 0.0), 0.0, 0.0, 3).chars().count(), 3);
    }

    #[test]
    fn a_share_is_drawn_to_an_eighth_of_a_column() {
        assert_eq!(share_bar(1.0, 4), "████");
        assert_eq!(share_bar(0.5, 3), "█▌");
        assert_eq!(share_bar(f64::NAN, 3), "");
        assert_eq!(share_bar(7.0, 2), "██");
    }

    #[test]
    fn a_curve_is_straight_between_its_points() {
        let falling = [(0.0, 1.0), (7.0, 0.0)];
        assert_eq!(sparkline(&falling, (0.0, 1.0), 8), "█▇▆▅▄▃▂▁");
        // Flat up to 10, then down within one step of the axis.
        let kinked = [(0.0, 1.0), (6.0, 1.0), (7.0, 0.0)];
        assert_eq!(sparkline(&kinked, (0.0, 1.0), 8), "███████▁");
        assert_eq!(sparkline(&[(3.0, 2.0)], (2.0, 2.0), 2), "▁▁");
    }
}
