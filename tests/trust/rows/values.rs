//! Guests that hand over what the canonical ABI does not allow, as no compiler would make them.

use crate::Rights;
use crate::fault::{Act, Fault, faults};
use crate::rogue::Rogue;

faults! {
    "What the guest hands over is not what its type says";

    invalid_utf8: Fault {
        name: "invalid UTF-8 returned",
        does: "returns a text that is none",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.text(16, 6).map(drop)),
        ..Fault::USUAL
    },
    invalid_utf8_passed: Fault {
        name: "invalid UTF-8 passed to an import",
        does: "passes a text that is none",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.pass_text(16, 6)),
        ..Fault::USUAL
    },
    surrogate: Fault {
        name: "invalid char",
        does: "returns half of a surrogate pair",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.letter(0xd800).map(drop)),
        ..Fault::USUAL
    },
    beyond_unicode: Fault {
        name: "invalid char",
        does: "returns a code after the last of Unicode",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.letter(0x11_0000).map(drop)),
        ..Fault::USUAL
    },
    invalid_case: Fault {
        name: "invalid discriminant of a variant",
        does: "returns the third case of two",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.choose(2).map(drop)),
        ..Fault::USUAL
    },
    invalid_enum: Fault {
        name: "invalid discriminant of an enum",
        does: "returns the third case of two",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.grade_of(2).map(drop)),
        ..Fault::USUAL
    },
    invalid_flags: Fault {
        name: "bits of flags that there are not",
        does: "returns all bits set for a type of two flags; the canonical ABI says that the others are ignored",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[])?;
            match guest.allow(u32::MAX) {
                Ok(rights) if rights == Rights::all() && rights.bits() == 3 => Ok(Ok(())),
                Ok(rights) => Err(format!("it returned {rights:?}")),
                Err(error) => Ok(Err(error)),
            }
        }),
        times: 10,
        ..Fault::USUAL
    },
    misaligned_list: Fault {
        name: "misaligned list returned",
        does: "returns numbers at an odd address",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.numbers(4097, 1).map(drop)),
        ..Fault::USUAL
    },
    misaligned_argument: Fault {
        name: "misaligned list passed to an import",
        does: "passes numbers at an odd address",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.pass_numbers(4097, 1)),
        ..Fault::USUAL
    },
    misaligned_result: Fault {
        name: "misaligned result",
        does: "returns an odd address for where its result is",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.text_at(1025).map(drop)),
        ..Fault::USUAL
    },
    misaligned_room: Fault {
        name: "misaligned room for an argument",
        does: "`cabi_realloc` returns an odd address for numbers",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.take_odd(&[1, 2])),
        ..Fault::USUAL
    },
    text_outside: Fault {
        name: "text out of bounds returned",
        does: "returns a text of which the last byte is outside of its memory",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.text(MEMORY - 1, 2).map(drop)),
        ..Fault::USUAL
    },
    list_outside: Fault {
        name: "list out of bounds passed to an import",
        does: "passes as many numbers as the address space has",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.pass_numbers(4096, u32::MAX)),
        ..Fault::USUAL
    },
    result_outside: Fault {
        name: "result out of bounds",
        does: "returns an address outside of its memory for where its result is",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.text_at(0xffff_fff8).map(drop)),
        ..Fault::USUAL
    },
    room_outside: Fault {
        name: "room for an argument out of bounds",
        does: "`cabi_realloc` returns an address outside of its memory",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.take_outside("text")),
        ..Fault::USUAL
    },
}

/// How many bytes of memory the guest starts with.
const MEMORY: u32 = 65 << 16;

/// Where nothing is wrong, nothing is refused.
#[test]
fn the_guest_can_also_be_right() {
    use crate::setup::{Colour, Policy, Setup, Way};
    for colour in Colour::ALL {
        let setup = Setup::new(Way::new(colour, Policy::Fresh)).unwrap();
        let guest: Rogue = setup.load(|limits| limits, &[]).unwrap();
        assert_eq!(guest.text(16, 5).unwrap(), "hello");
        guest.pass_text(16, 5).unwrap();
        assert_eq!(guest.letter(0x1f980).unwrap(), '🦀');
        assert_eq!(guest.choose(0).unwrap(), crate::Choice::One(0));
        assert_eq!(guest.grade_of(1).unwrap(), crate::Grade::Bad);
        assert_eq!(guest.numbers(4096, 1).unwrap(), [0]);
        guest.pass_numbers(4096, 1).unwrap();
        assert_eq!(guest.text_at(1024).unwrap(), "");
        assert_eq!(guest.text(MEMORY - 1, 1).unwrap(), "\0");
        assert_eq!(guest.large(1).unwrap().len(), 1 << 20);
        assert_eq!(guest.same_lists(2, 3).unwrap(), [[0; 3]; 2]);
        guest.pass_same_lists(2, 3).unwrap();
        guest.pass_same_words(2, 3).unwrap();
        guest.nap(0).unwrap();
        assert_eq!(guest.fill().unwrap(), 0x7f_0000);
    }
}
