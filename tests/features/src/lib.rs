//! The world that the tests of features load guests of.

abide::abi!({
    inline: "
        package test:features@0.1.0;

        /// What a guest says.
        world says {
            /// A number.
            export answer: func() -> u32;
        }
    ",
});
