use super::*;

fn of(numbers: impl IntoIterator<Item = f64>) -> Quantiles {
    let mut quantiles = Quantiles::new();
    numbers.into_iter().for_each(|number| quantiles.add(number));
    quantiles
}

/// The nearest rank, as it is defined.
fn naive(numbers: &[f64], thousandths: u32) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let share = |i: usize| (i + 1) * 1000 >= numbers.len() * thousandths as usize;
    sorted[(0..sorted.len()).find(|&i| share(i)).unwrap()]
}

#[test]
fn places_are_in_order() {
    let sorted = [
        f64::MIN,
        -2.0,
        -1.0,
        -5e-324,
        0.0,
        5e-324,
        f64::MIN_POSITIVE,
        1.0,
        1.5,
        f64::MAX,
    ];
    for pair in sorted.windows(2) {
        assert!(place(pair[0]) < place(pair[1]), "{pair:?}");
    }
    for n in sorted {
        assert_eq!(number(place(n)), n);
    }
    assert_eq!(place(-0.0), place(0.0));
}

#[test]
fn nearest_ranks() {
    assert_eq!(Quantiles::new().at([500]), [None]);
    for count in [1, 2, 3, 10, 99, 100, 101, 1000] {
        let numbers: Vec<f64> = (0..count).map(|i| f64::from(i * 7 % count) - 3.5).collect();
        let quantiles = of(numbers.iter().copied());
        for share in [0, 1, 250, 500, 900, 950, 990, 999, 1000] {
            let want = Some(naive(&numbers, share));
            assert_eq!(quantiles.at([share]), [want], "{share} of {count}");
        }
    }
}

#[test]
fn coarse_ones_are_close() {
    let numbers: Vec<f64> = (0..200_000)
        .map(|i| (f64::from(i) * 0.01).exp2() * 1e-3)
        .collect();
    let numbers: Vec<f64> = numbers.into_iter().filter(|n| *n < 1e200).collect();
    let signed: Vec<f64> = (0..150_000).map(|i| f64::from(i - 60_000) / 7.0).collect();
    for numbers in [numbers, signed] {
        let quantiles = of(numbers.iter().copied());
        let mut coarse = quantiles.clone();
        coarse.coarsen();
        for share in [1, 10, 250, 500, 900, 990, 999] {
            let want = naive(&numbers, share);
            let [Some(got)] = coarse.at([share]) else {
                panic!("there are numbers")
            };
            assert!(
                (got - want).abs() <= want.abs() * 0.0079,
                "{share}: {got} {want}"
            );
        }
        assert_eq!(coarse.min(), numbers.iter().copied().reduce(f64::min));
        assert_eq!(coarse.max(), numbers.iter().copied().reduce(f64::max));
    }
    assert!(!of((0..70_000).map(f64::from)).is_exact());
}

#[test]
fn a_function_of_the_union() {
    let number = |i: u32| f64::from(i % 70_000) / 8.0 - 100.0;
    let whole = of((0..100_000).map(number));
    assert!(!whole.is_exact());
    for cuts in [[0, 10], [65_536, 65_537], [40_000, 99_999]] {
        let parts = [
            of((0..cuts[0]).map(number)),
            of((cuts[0]..cuts[1]).map(number)),
            of((cuts[1]..100_000).map(number)),
        ];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let mut merged = Quantiles::new();
            for i in order {
                merged.merge(&parts[i]);
            }
            assert_eq!(merged, whole, "{cuts:?} {order:?}");
            let text = serde_json::to_string(&merged).unwrap();
            assert_eq!(text, serde_json::to_string(&whole).unwrap());
            assert_eq!(serde_json::from_str::<Quantiles>(&text).unwrap(), whole);
        }
    }
}

#[test]
fn histogram_in_powers_of_two() {
    let numbers = [
        -4.0, -3.0, -2.0, -0.75, 0.0, -0.0, 0.5, 1.0, 1.99, 2.0, 300.0,
    ];
    let mut quantiles = of(numbers);
    let want = [
        (-8.0, -4.0, 1),
        (-4.0, -2.0, 2),
        (-1.0, -0.5, 1),
        (0.0, 0.5, 2),
        (0.5, 1.0, 1),
        (1.0, 2.0, 2),
        (2.0, 4.0, 1),
        (256.0, 512.0, 1),
    ];
    assert_eq!(quantiles.histogram(), want);
    quantiles.coarsen();
    assert_eq!(quantiles.histogram(), want);
    assert_eq!(of([0.0]).histogram(), [(0.0, 1.0, 1)]);
    let edges = of([f64::MIN, f64::MAX, -5e-324]).histogram();
    assert!(
        edges
            .iter()
            .all(|row| row.0.is_finite() && row.1.is_finite()),
        "{edges:?}"
    );
    assert_eq!(edges.len(), 3);
}

#[test]
fn what_is_no_number_is_left_out() {
    let quantiles = of([f64::NAN, f64::INFINITY, 1.0]);
    assert_eq!((quantiles.total(), quantiles.max()), (1, Some(1.0)));
}

#[test]
fn what_is_read_is_checked() {
    for text in [
        r#"{"counts":[],"range":[1,2],"bound":9}"#,
        r#"{"coarse":true,"counts":[],"range":[1,2],"bound":9}"#,
        r#"{"coarse":true,"counts":[[5,1]],"bound":9}"#,
        r#"{"counts":[[9223372036854775809,1]],"range":[9223372036854775809,9223372036854775809],"bound":9}"#,
        r#"{"counts":[[18446744073709551615,1]],"bound":9}"#,
        r#"{"counts":[[9223372036854775808,18446744073709551615],[9223372036854775809,1]],"bound":9}"#,
    ] {
        assert!(serde_json::from_str::<Quantiles>(text).is_err(), "{text}");
    }
}

#[test]
fn a_lower_bound_holds_for_all_that_are_merged() {
    let mut low = Quantiles::bounded(10);
    for number in 0..10 {
        low.add(f64::from(number));
    }
    assert!(low.is_exact());
    let mut default = Quantiles::new();
    default.merge(&low);
    default.add(10.0);
    assert!(!default.is_exact());
    assert_eq!(default.weight(), super::table_bytes(11, 16));
    let mut many = of((0..20).map(f64::from));
    many.merge(&Quantiles::bounded(10));
    assert!(!many.is_exact());
}
