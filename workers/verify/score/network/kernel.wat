;; Runs a whole feed-forward network in one call, on 32-bit floats, 16 or 4 outputs of a layer at a time.
;; kernel-layout.ts writes the memory that it reads. `npm run build:kernel` assembles it to kernel.wasm.
;;
;; Nothing is checked here: a layout that does not fit itself would read and write other parts of the memory,
;; which holds this one network and nothing else.
(module
  (memory (import "network" "memory") 1)

  ;; Runs the layers whose descriptions lie from $layer to $end, with their weights in the order of use from
  ;; $weights; gives back the last layer's first output.
  (func (export "run")
    (param $layer i32) (param $end i32) (param $weights i32) (result f32)
    (local $in_end i32) (local $out i32) (local $wide_end i32) (local $out_end i32)
    (local $at i32) (local $floor v128) (local $input v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (loop $next_layer
      (local.set $in_end (i32.load offset=4 (local.get $layer)))
      (local.set $out (i32.load offset=8 (local.get $layer)))
      (local.set $wide_end (i32.load offset=12 (local.get $layer)))
      (local.set $out_end (i32.load offset=16 (local.get $layer)))
      (local.set $floor (v128.load32_splat offset=20 (local.get $layer)))

      ;; Sixteen outputs at a time: four sums, as one alone would wait for itself.
      (block $wide_done
        (br_if $wide_done (i32.ge_u (local.get $out) (local.get $wide_end)))
        (loop $next_wide
          ;; The biases come first, then sixteen weights for each input.
          (local.set $sum0 (v128.load (local.get $weights)))
          (local.set $sum1 (v128.load offset=16 (local.get $weights)))
          (local.set $sum2 (v128.load offset=32 (local.get $weights)))
          (local.set $sum3 (v128.load offset=48 (local.get $weights)))
          (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
          (local.set $at (i32.load (local.get $layer)))
          (loop $next_input
            (local.set $input (v128.load32_splat (local.get $at)))
            (local.set $sum0 (f32x4.add (local.get $sum0)
              (f32x4.mul (local.get $input) (v128.load (local.get $weights)))))
            (local.set $sum1 (f32x4.add (local.get $sum1)
              (f32x4.mul (local.get $input) (v128.load offset=16 (local.get $weights)))))
            (local.set $sum2 (f32x4.add (local.get $sum2)
              (f32x4.mul (local.get $input) (v128.load offset=32 (local.get $weights)))))
            (local.set $sum3 (f32x4.add (local.get $sum3)
              (f32x4.mul (local.get $input) (v128.load offset=48 (local.get $weights)))))
            (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (br_if $next_input (i32.lt_u (local.get $at) (local.get $in_end))))
          ;; pmax keeps what is not a number, as the comparison in TypeScript does; max would not be as quick.
          (v128.store (local.get $out) (f32x4.pmax (local.get $sum0) (local.get $floor)))
          (v128.store offset=16 (local.get $out) (f32x4.pmax (local.get $sum1) (local.get $floor)))
          (v128.store offset=32 (local.get $out) (f32x4.pmax (local.get $sum2) (local.get $floor)))
          (v128.store offset=48 (local.get $out) (f32x4.pmax (local.get $sum3) (local.get $floor)))
          (local.set $out (i32.add (local.get $out) (i32.const 64)))
          (br_if $next_wide (i32.lt_u (local.get $out) (local.get $wide_end)))))

      ;; What is left, four outputs at a time.
      (block $narrow_done
        (br_if $narrow_done (i32.ge_u (local.get $out) (local.get $out_end)))
        (loop $next_narrow
          (local.set $sum0 (v128.load (local.get $weights)))
          (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
          (local.set $at (i32.load (local.get $layer)))
          (loop $next_input
            (local.set $sum0 (f32x4.add (local.get $sum0)
              (f32x4.mul (v128.load32_splat (local.get $at)) (v128.load (local.get $weights)))))
            (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (br_if $next_input (i32.lt_u (local.get $at) (local.get $in_end))))
          (v128.store (local.get $out) (f32x4.pmax (local.get $sum0) (local.get $floor)))
          (local.set $out (i32.add (local.get $out) (i32.const 16)))
          (br_if $next_narrow (i32.lt_u (local.get $out) (local.get $out_end)))))

      (local.set $layer (i32.add (local.get $layer) (i32.const 32)))
      (br_if $next_layer (i32.lt_u (local.get $layer) (local.get $end))))

    ;; The description before $layer is the last one's; its outputs start at its third word.
    (f32.load (i32.load (i32.sub (local.get $layer) (i32.const 24))))))
