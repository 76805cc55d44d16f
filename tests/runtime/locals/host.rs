//! Parameters with the names of locals in wit-bindgen's code: each arrives as itself, and is called
//! in the component what it is called in the WIT.

use std::collections::HashMap;
use std::fs;

abide::abi!({ wit: "locals/test.wit", module: "locals" });

use self::send::{All, Area, Crossing, Marks, Point, RetArea, Shape, V1};

#[derive(Clone)]
struct App;

/// What a resource was made with.
struct Made(Vec<u32>);

fn check((a, b): (All, All)) {
    for (name, all) in [("a", a), ("b", b)] {
        assert_eq!(all.text, name);
        assert_eq!(all.bytes, [1, 2, 3]);
        assert_eq!(all.words, ["one", ""]);
        assert_eq!(all.at, Point { x: 1, y: 2 });
        assert_eq!(all.shape, Shape::Named("shape".to_owned()));
        assert_eq!(all.marks, Marks::A | Marks::C);
    }
}

macro_rules! families {
    ($($free:ident, $all:ident, $resource:ident, $new:ident, $point:ident;)*) => {
        impl host_async::Send for App {
            $(
                type $resource = Made;

                async fn $free(
                    &mut self, key: &str, n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5: u32, n6:
                    u32, n7: u32, n8: u32, n9: u32, n10: u32, n11: u32, n12: u32, n13: u32,
                ) -> Vec<u32> {
                    assert_eq!(key, "key");
                    vec![n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13]
                }

                async fn $all(
                    &mut self, to: (All, All), n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5: u32, n6: u32, n7: u32, n8: u32,
                    n9: u32, n10: u32, n11: u32, n12: u32, n13: u32, n14: u32, n15: u32, n16: u32,
                ) -> Vec<u32> {
                    check(to);
                    vec![n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16]
                }

                async fn $new(
                    &mut self, shape: Shape, marks: Marks, n0: u32, n1: u32, n2: u32, n3: u32, n4:
                    u32, n5: u32, n6: u32, n7: u32, n8: u32, n9: u32, n10: u32, n11: u32,
                ) -> Made {
                    assert_eq!((shape, marks), (Shape::Named("shape".to_owned()), Marks::B));
                    Made(vec![n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11])
                }

                async fn $point(
                    &mut self, at: Point, n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5: u32, n6:
                    u32, n7: u32, n8: u32, n9: u32, n10: u32, n11: u32, n12: u32, n13: u32,
                ) -> Vec<u32> {
                    assert_eq!(at, Point { x: 1, y: 2 });
                    vec![n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13]
                }
            )*

            async fn crossed(
                &mut self,
                a: &str,
                b: &str,
                fields: Crossing,
                c: Vec<Vec<Vec<String>>>,
                d: Vec<Vec<Vec<String>>>,
                e: Vec<String>,
            ) -> Vec<u32> {
                assert_eq!((a, b, &c, e.len()), ("a", "b", &d, 2));
                vec![fields.vec1, fields.len1, fields.layout1, fields.result1]
            }

            async fn area_of(&mut self, of: RetArea<&mut Made>, case: Area) -> Vec<u32> {
                assert_eq!(case, Area::RetArea(103));
                [&of.of.0[..2], &[of.number, 103]].concat()
            }

            async fn aliased(&mut self, of: V1<&mut Made>, case: Area) -> (Vec<u32>, Area) {
                assert_eq!(case, Area::RetArea(103));
                let numbers = [&of.of.0[..2], &[of.number, 103]].concat();
                (numbers, Area::Other)
            }

            async fn plain(
                &mut self, key: &str, n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5: u32, n6: u32,
                n7: u32, n8: u32, n9: u32, n10: u32, n11: u32, n12: u32, n13: u32,
            ) -> Vec<u32> {
                assert_eq!(key, "key");
                vec![n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13]
            }

            async fn plain_all(
                &mut self, to: (All, All), n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5: u32, n6: u32, n7: u32, n8: u32,
                n9: u32, n10: u32, n11: u32, n12: u32, n13: u32, n14: u32, n15: u32, n16: u32,
            ) -> Vec<u32> {
                check(to);
                vec![n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16]
            }
        }

        $(
            impl host_async::send::$resource for Made {
                async fn read(&mut self) -> Vec<u32> {
                    self.0.clone()
                }

                async fn list(
                    &mut self, words: Vec<String>, n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5:
                    u32, n6: u32, n7: u32, n8: u32, n9: u32, n10: u32, n11: u32, n12: u32,
                ) -> Vec<u32> {
                    assert_eq!(words, ["one", "two"]);
                    vec![n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12]
                }
            }
        )*
    };
}

families! {
    ptr, ptr_all, ForPtr, for_ptr_new, for_ptr_point;
    len, len_all, ForLen, for_len_new, for_len_point;
    vec, vec_all, ForVec, for_vec_new, for_vec_point;
    result, result_all, ForResult, for_result_new, for_result_point;
    layout, layout_all, ForLayout, for_layout_new, for_layout_point;
    bytes, bytes_all, ForBytes, for_bytes_new, for_bytes_point;
    base, base_all, ForBase, for_base_new, for_base_point;
    map, map_all, ForMap, for_map_new, for_map_point;
    array, array_all, ForArray, for_array_new, for_array_point;
    idx, idx_all, ForIdx, for_idx_new, for_idx_point;
    e, e_all, ForE, for_e_new, for_e_point;
    t, t_all, ForT, for_t_new, for_t_point;
    l, l_all, ForL, for_l_new, for_l_point;
    v, v_all, ForV, for_v_new, for_v_point;
    handle, handle_all, ForHandle, for_handle_new, for_handle_point;
    flags, flags_all, ForFlags, for_flags_new, for_flags_point;
    cleanup, cleanup_all, ForCleanup, for_cleanup_new, for_cleanup_point;
    wit_import, wit_import_all, ForWitImport, for_wit_import_new, for_wit_import_point;
    arg, arg_all, ForArg, for_arg_new, for_arg_point;
    x, x_all, ForX, for_x_new, for_x_point;
    y, y_all, ForY, for_y_new, for_y_point;
    text, text_all, ForText, for_text_new, for_text_point;
}

#[awaited::test]
async fn every_number_arrives_as_itself() {
    load!(host_async::Locals, App).run().await.unwrap();
}

#[test]
fn the_component_has_the_names_of_the_wit() {
    let component = fs::read(crate::guests::component(module_path!())).unwrap();
    let wit_component::DecodedWasm::Component(of, _) = wit_component::decode(&component).unwrap()
    else {
        panic!("a package, not a component")
    };
    let mut wit = wit_parser::Resolve::default();
    wit.push_str(
        "test.wit",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locals/test.wit")),
    )
    .unwrap();
    let (found, expected) = (names(&of), names(&wit));
    assert!(expected.len() > 100, "{expected:?}");
    for (name, expected) in expected {
        assert_eq!(found.get(&name), Some(&expected), "{name}");
    }
}

/// The parameters of the functions of `send`, and the fields of its records.
fn names(resolve: &wit_parser::Resolve) -> HashMap<String, Vec<String>> {
    let mut interfaces = resolve.interfaces.iter().map(|(_, of)| of);
    let send = interfaces.find(|of| of.name.as_deref() == Some("send"));
    let send = send.expect("the interface `send`");
    let functions = send.functions.values().map(|function| {
        let params = function.params.iter().map(|param| param.name.clone());
        (function.name.clone(), params.collect())
    });
    let types = send.types.iter().filter_map(|(name, id)| {
        let wit_parser::TypeDefKind::Record(record) = &resolve.types[*id].kind else {
            return None;
        };
        let fields = record.fields.iter().map(|field| field.name.clone());
        Some((name.clone(), fields.collect()))
    });
    functions.chain(types).collect()
}
