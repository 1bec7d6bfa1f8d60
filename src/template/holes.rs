//! Templates with one word left out, as numbers.

/// A template with one word left out.
pub(super) type Hole = (u64, u64);

const START: Hole = (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344);

/// What holes are told by: for every token a number, of which one token has
/// always the same.
pub(super) trait Number: Copy {
    fn number(self) -> u64;
}

impl Number for u32 {
    fn number(self) -> u64 {
        u64::from(self)
    }
}

impl Number for u64 {
    fn number(self) -> u64 {
        self
    }
}

/// Room to find holes in.
#[derive(Debug, Default)]
pub(super) struct Room(Vec<Hole>);

impl Room {
    /// Calls with every word or mask of a row: where it is, the row without it,
    /// and itself.
    pub(super) fn each_hole<N: Number>(
        &mut self,
        row: &[N],
        is_between: impl Fn(N) -> bool,
        mut call: impl FnMut(usize, Hole, N),
    ) {
        let behind = &mut self.0;
        behind.clear();
        behind.resize(row.len() + 1, START);
        for at in (0..row.len()).rev() {
            behind[at] = mix(behind[at + 1], row[at].number());
        }
        let mut before = START;
        for (at, &token) in row.iter().enumerate() {
            if !is_between(token) {
                let whole = mix(before, at as u64);
                let whole = mix2(whole, behind[at + 1]);
                call(at, whole, token);
            }
            before = mix(before, token.number());
        }
    }
}

fn mix(hash: Hole, number: u64) -> Hole {
    mix2(hash, (number, number))
}

/// Two hashes of 64 bits that have nothing to do with each other.
fn mix2(hash: Hole, with: Hole) -> Hole {
    let one = |hash: u64, with: u64, factor: u64| {
        let product = u128::from(hash ^ with.wrapping_mul(factor)) * u128::from(factor);
        (product as u64) ^ ((product >> 64) as u64) ^ hash.rotate_left(23)
    };
    (
        one(hash.0, with.0, 0x9e37_79b9_7f4a_7c15),
        one(hash.1, with.1, 0xd6e8_feb8_6659_fd93),
    )
}
