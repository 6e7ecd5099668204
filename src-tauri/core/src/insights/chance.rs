//! Whether something is more than chance, and how sure one may be of a share.

/// The probability of at least `hits` marked things among `drawn` out of `all`, of which `marked` are:
/// the upper tail of the hypergeometric distribution, which is Fisher's exact test, one-sided.
pub(crate) fn fisher(all: u32, marked: u32, drawn: u32, hits: u32) -> f64 {
    let most = marked.min(drawn);
    if hits == 0 {
        return 1.0;
    }
    let whole = ln_choose(all, drawn);
    let tail: f64 = (hits..=most)
        .filter(|n| drawn - n <= all.saturating_sub(marked))
        .map(|n| (ln_choose(marked, n) + ln_choose(all - marked, drawn - n) - whole).exp())
        .sum();
    tail.clamp(0.0, 1.0)
}

/// The probability of at least `hits` of `n` where each has the probability `share`.
pub(crate) fn binomial(n: u32, hits: u32, share: f64) -> f64 {
    let tail: f64 = (hits..=n)
        .map(|k| {
            (ln_choose(n, k) + f64::from(k) * share.ln() + f64::from(n - k) * (1.0 - share).ln())
                .exp()
        })
        .sum();
    tail.clamp(0.0, 1.0)
}

/// Which of several probabilities are still small if one knows that so many were looked at: the
/// procedure of Benjamini & Hochberg (1995), by which at most the share `rate` of what passes is chance.
/// Returns the greatest probability that passes; none passes below 0.
pub(crate) fn threshold(probabilities: &[f64], rate: f64) -> f64 {
    let mut sorted = probabilities.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let passes = |(at, p): &(usize, &f64)| **p <= rate * (*at as f64 + 1.0) / n;
    sorted.iter().enumerate().rfind(passes).map_or(-1.0, |(_, p)| *p)
}

/// The share that one may count on after `hits` of `n`: the lower end of Wilson's interval (1927) at 90 %,
/// one-sided, to a thousandth. Few cases give little.
pub(crate) fn share(hits: u32, n: u32) -> f64 {
    const Z: f64 = 1.281_55;
    if n == 0 {
        return 0.0;
    }
    let (n, p) = (f64::from(n), f64::from(hits) / f64::from(n));
    let middle = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let low = (middle - spread) / (1.0 + Z * Z / n);
    (low.clamp(0.0, 1.0) * 1e3).round() / 1e3
}

fn ln_choose(n: u32, k: u32) -> f64 {
    if k > n {
        return f64::NEG_INFINITY;
    }
    let k = k.min(n - k);
    (1..=k).map(|i| (f64::from(n - k + i) / f64::from(i)).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn the_lady_who_tastes_tea_is_judged_as_fisher_judged_her() {
        // Eight cups, four with the milk first: all four found by chance once in seventy.
        assert!(is_near(fisher(8, 4, 4, 4), 1.0 / 70.0));
        assert!(is_near(fisher(8, 4, 4, 3), 17.0 / 70.0));
        assert!(is_near(fisher(8, 4, 4, 0), 1.0));
    }

    #[test]
    fn coins_fall_as_they_do() {
        assert!(is_near(binomial(3, 3, 0.5), 0.125));
        assert!(is_near(binomial(10, 8, 0.5), 56.0 / 1024.0));
        assert!(is_near(binomial(5, 0, 0.2), 1.0));
    }

    #[test]
    fn of_many_that_were_looked_at_only_the_small_ones_pass() {
        assert!(is_near(threshold(&[0.01, 0.04, 0.03, 0.5], 0.1), 0.04));
        assert!(threshold(&[0.2, 0.3], 0.1) < 0.0);
        assert!(threshold(&[], 0.1) < 0.0);
        let many = [&[0.04][..], &[0.9; 30]].concat();
        assert!(threshold(&many, 0.1) < 0.0, "one in thirty-one is what chance gives");
    }

    #[test]
    fn few_cases_give_little_confidence() {
        assert!(share(1, 1) < share(3, 3) && share(3, 3) < share(30, 30));
        assert!((share(8, 10) - 0.61).abs() < 0.01, "{}", share(8, 10));
        assert_eq!((share(0, 0), share(0, 5)), (0.0, 0.0));
    }
}
